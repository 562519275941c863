using Grpc.Core;
using Serverless.Local.Host.Worker.Messages;

namespace Serverless.Local.Host.Worker;

/// <summary>Takes the streams that workers open and hands each to the supervisor that started its process.</summary>
internal sealed class FunctionRpcService(WorkerSupervisor supervisor) : FunctionRpc.FunctionRpcBase
{
    public override async Task EventStream(
        IAsyncStreamReader<StreamingMessage> requestStream,
        IServerStreamWriter<StreamingMessage> responseStream,
        ServerCallContext context
    )
    {
        if (
            !await requestStream.MoveNext(context.CancellationToken)
            || requestStream.Current.ContentCase != StreamingMessage.ContentOneofCase.StartStream
            || supervisor.Accept(requestStream.Current.StartStream.WorkerId) is not { } channel
        )
        {
            throw new Grpc.Core.RpcException(new Status(StatusCode.PermissionDenied, "This worker was not started by this host."));
        }
        try
        {
            await channel.RunAsync(requestStream, responseStream, context.CancellationToken);
        }
        catch (Exception ended) when (ended is IOException or OperationCanceledException or InvalidOperationException)
        {
            // The process is gone; the supervisor sees to it.
        }
    }
}
