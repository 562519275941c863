namespace Serverless.Inference.Serving;

/// <summary>Why a request was not answered. An entry point turns these into status codes by one table.</summary>
public enum ServingFault
{
    /// <summary>The request itself is wrong: a tensor's name, type or shape, an empty list. 400.</summary>
    InvalidInput,

    /// <summary>The model is for another task. 400.</summary>
    WrongTask,

    /// <summary>One item is over what a batch may cost: Found and Allowed say by how much. 413.</summary>
    ItemTooLarge,

    /// <summary>The request as a whole is over a bound that its message names. 413.</summary>
    TooLarge,

    /// <summary>There is no such model or version. 404.</summary>
    Missing,

    /// <summary>The deadline came before the answer. 504.</summary>
    DeadlinePassed,

    /// <summary>What waits already fills the queue: Found is what would then wait, Allowed the bound. 429 with RetryAfter.</summary>
    QueueFull,

    /// <summary>The memory budget is full of models in use. 503 with RetryAfter.</summary>
    OutOfMemory,

    /// <summary>
    /// The model could not be loaded, now or a moment ago; InnerException says why. 503, with RetryAfter unless its package is to blame.
    /// </summary>
    LoadFailed,

    /// <summary>A run of the model took longer than it may, and perhaps still does. 503.</summary>
    OutOfService,

    /// <summary>The server is stopping. 503.</summary>
    Stopping,
}

/// <summary>
/// A request that a served model refused or could not answer in time. A model that fails while it runs throws ModelFaultException.
/// </summary>
public sealed class ServingException(ServingFault fault, string message, Exception? cause = null) : Exception(message, cause)
{
    public ServingFault Fault { get; } = fault;

    /// <summary>When trying again may help; null where it will not.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>What was found, in the unit that the message names.</summary>
    public long? Found { get; init; }

    public long? Allowed { get; init; }
}
