using Serverless.Inference.Serving;

namespace Serverless.Serving;

/// <summary>The HTTP status of each kind of fault, by which entry points answer and captures tell whose fault it was.</summary>
public static class ServingStatus
{
    private const int BadRequest = 400;
    private const int NotFound = 404;
    private const int TooLarge = 413;
    private const int TooMany = 429;
    private const int Internal = 500;
    private const int Unavailable = 503;
    private const int Late = 504;

    public static int Of(ServingFault fault) =>
        fault switch
        {
            ServingFault.InvalidInput or ServingFault.WrongTask => BadRequest,
            ServingFault.Missing => NotFound,
            ServingFault.ItemTooLarge or ServingFault.TooLarge => TooLarge,
            ServingFault.QueueFull => TooMany,
            ServingFault.DeadlinePassed => Late,
            _ => Unavailable, // out of memory, a load that failed, stopping
        };

    /// <summary>A <see cref="FaultStatus"/> for who answers no HTTP: what is no refusal is a fault of ours.</summary>
    public static int Of(Exception fault) => fault is ServingException refusal ? Of(refusal.Fault) : Internal;
}
