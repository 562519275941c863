namespace Serverless.Inference.Serving.Batching;

/// <summary>Why a batch left the queue.</summary>
internal enum LeaveReason
{
    /// <summary>Another item would not fit under the cap, or would not be worth waiting for.</summary>
    Full,

    /// <summary>Its oldest item had waited for the maximum delay.</summary>
    Delay,

    /// <summary>One of its items would have missed its deadline by waiting longer.</summary>
    Deadline,

    /// <summary>The model had nothing else to do, so that waiting would only have cost time.</summary>
    Idle,
}
