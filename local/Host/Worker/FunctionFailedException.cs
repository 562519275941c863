using Serverless.Local.Host.Worker.Messages;

namespace Serverless.Local.Host.Worker;

/// <summary>The function threw in the worker. Durable Functions reads the failure's details out of this form of message.</summary>
internal sealed class FunctionFailedException(StatusResult result)
    : Exception($"Result: {result.Status}\nException: {result.Exception?.Message}\nStack: {result.Exception?.StackTrace}")
{
    public static void ThrowIfFailed(StatusResult? result)
    {
        switch (result?.Status)
        {
            case StatusResult.Types.Status.Success:
                return;
            case StatusResult.Types.Status.Cancelled:
                throw new OperationCanceledException("The worker cancelled the invocation.");
            default:
                throw new FunctionFailedException(result ?? new StatusResult());
        }
    }
}
