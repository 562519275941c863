namespace Serverless.Local.Host.Worker;

/// <summary>The worker ended while it ran a function.</summary>
/// <remarks>Durable Functions knows the type by its name and runs the work again; it takes other failures for the function's own.</remarks>
internal sealed class WorkerProcessExitException(string message) : Exception(message);
