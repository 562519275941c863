namespace Serverless.GpuBatch;

/// <summary>How a hand-out of a job ended.</summary>
internal enum JobOutcome
{
    /// <summary>It came to an answer other than a refusal; the version may also be gone or settled by now.</summary>
    Analysed,

    /// <summary>The bytes are bad, or were tried too often.</summary>
    Refused,

    /// <summary>It was no job at all.</summary>
    Dropped,

    /// <summary>A fault that may heal: it is handed out again.</summary>
    Failed,

    /// <summary>Nothing serves a model that it needs.</summary>
    Waiting,

    /// <summary>The worker stops.</summary>
    HandedBack,

    /// <summary>Another worker may have it.</summary>
    LeaseLost,

    /// <summary>Another worker has it, and was further.</summary>
    FencedOff,
}
