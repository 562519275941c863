using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Google.Protobuf.WellKnownTypes;
using Serverless.Local.Host.Worker.Messages;

namespace Serverless.Local.Host.Worker;

/// <summary>One worker that is up: its process, its channel, and where it serves HTTP.</summary>
internal sealed class WorkerSession(Process process, WorkerChannel channel)
{
    private static readonly TimeSpan ConnectPause = TimeSpan.FromMilliseconds(50);

    private bool _cancels;

    public Process Process => process;

    /// <summary>The address of the worker's own web server; null where the app's HTTP functions use none.</summary>
    public Uri? HttpAddress { get; private set; }

    public CancellationToken Ended => channel.Ended;

    public bool IsRunning(Guid invocationId) => channel.IsAsked(invocationId.ToString());

    public async Task InitializeAsync(string appFolder, string hostVersion, CancellationToken cancellationToken)
    {
        WorkerInitRequest request = new()
        {
            HostVersion = hostVersion,
            WorkerDirectory = appFolder,
            FunctionAppDirectory = appFolder,
        };
        request.Capabilities.Add("V2Compatable", "true"); // spelt so in the contract
        StreamingMessage answer = await channel.AskAsync(
            "init",
            new() { RequestId = "init", WorkerInitRequest = request },
            cancellationToken
        );
        FunctionFailedException.ThrowIfFailed(answer.WorkerInitResponse.Result);
        Google.Protobuf.Collections.MapField<string, string> capabilities = answer.WorkerInitResponse.Capabilities;
        _cancels = capabilities.ContainsKey("HandlesInvocationCancelMessage");
        HttpAddress = capabilities.TryGetValue("HttpUri", out string? address) ? new Uri(address) : null;
    }

    public async Task<IReadOnlyList<RpcFunctionMetadata>> ListFunctionsAsync(string appFolder, CancellationToken cancellationToken)
    {
        FunctionsMetadataRequest request = new() { FunctionAppDirectory = appFolder };
        StreamingMessage answer = await channel.AskAsync(
            "list",
            new() { RequestId = "list", FunctionsMetadataRequest = request },
            cancellationToken
        );
        FunctionFailedException.ThrowIfFailed(answer.FunctionMetadataResponse.Result);
        return answer.FunctionMetadataResponse.FunctionMetadataResults;
    }

    public async Task LoadAsync(IEnumerable<RpcFunctionMetadata> functions, CancellationToken cancellationToken)
    {
        StreamingMessage[] answers = await Task.WhenAll(
            functions.Select(function =>
                channel.AskAsync(
                    function.FunctionId,
                    new()
                    {
                        FunctionLoadRequest = new() { FunctionId = function.FunctionId, Metadata = function },
                    },
                    cancellationToken
                )
            )
        );
        foreach (StreamingMessage answer in answers)
        {
            FunctionFailedException.ThrowIfFailed(answer.FunctionLoadResponse.Result);
        }
    }

    /// <summary>Waits until the worker's web server listens, which it does a while after the functions are loaded.</summary>
    public async Task WaitForHttpAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        if (HttpAddress is not { } address)
        {
            return;
        }
        DnsEndPoint endPoint = new(address.Host, address.Port);
        while (true)
        {
            using Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(endPoint, cancellationToken);
                return;
            }
            catch (SocketException refused) when (refused.SocketErrorCode == SocketError.ConnectionRefused)
            {
                await Task.Delay(ConnectPause, time, cancellationToken);
            }
        }
    }

    public async Task<InvocationResponse> InvokeAsync(InvocationRequest request, CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration cancellation = cancellationToken.Register(() =>
        {
            if (_cancels)
            {
                channel.Send(new() { InvocationCancel = new() { InvocationId = request.InvocationId } });
            }
        });
        // The answer is waited for after a cancellation too: until it is there the function may still have effects.
        StreamingMessage answer = await channel.AskAsync(
            request.InvocationId,
            new() { InvocationRequest = request },
            CancellationToken.None
        );
        return answer.InvocationResponse;
    }

    /// <summary>Asks the worker to end, and kills it when it has not within the grace period.</summary>
    public async Task StopAsync(TimeSpan gracePeriod, TimeProvider time)
    {
        channel.Send(new() { WorkerTerminate = new() { GracePeriod = Duration.FromTimeSpan(gracePeriod) } });
        using CancellationTokenSource limit = new(gracePeriod, time);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }
        channel.End();
    }
}
