using System.Collections.Concurrent;
using System.Threading.Channels;
using Grpc.Core;
using Serverless.Local.Host.Worker.Messages;

namespace Serverless.Local.Host.Worker;

/// <summary>The stream of messages with one worker process, from its first message to its end. Safe to use from any thread.</summary>
internal sealed class WorkerChannel(string workerId, WorkerLog log)
{
    private readonly Channel<StreamingMessage> _outgoing = Channel.CreateUnbounded<StreamingMessage>(new() { SingleReader = true });
    private readonly ConcurrentDictionary<string, TaskCompletionSource<StreamingMessage>> _pending = new();
    private readonly CancellationTokenSource _ended = new();

    public string WorkerId => workerId;

    /// <summary>Cancelled when the worker is gone.</summary>
    public CancellationToken Ended => _ended.Token;

    public async Task RunAsync(
        IAsyncStreamReader<StreamingMessage> incoming,
        IServerStreamWriter<StreamingMessage> outgoing,
        CancellationToken cancellationToken
    )
    {
        Task sending = SendAllAsync(outgoing, cancellationToken);
        try
        {
            while (await incoming.MoveNext(cancellationToken))
            {
                Receive(incoming.Current);
            }
        }
        finally
        {
            End();
            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>True while the answer is waited for.</summary>
    public bool IsAsked(string key) => _pending.ContainsKey(key);

    public void Send(StreamingMessage message) => _outgoing.Writer.TryWrite(message);

    /// <summary>Sends a message and waits for the answer that carries its key: an invocation's id or a request's.</summary>
    public async Task<StreamingMessage> AskAsync(string key, StreamingMessage message, CancellationToken cancellationToken)
    {
        TaskCompletionSource<StreamingMessage> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _pending[key] = answer;
        if (_ended.IsCancellationRequested)
        {
            End();
        }
        Send(message);
        try
        {
            return await answer.Task.WaitAsync(cancellationToken);
        }
        finally
        {
            _pending.TryRemove(key, out _);
        }
    }

    /// <summary>Fails what is still waited for; the worker is gone or will be.</summary>
    public void End()
    {
        _ended.Cancel();
        _outgoing.Writer.TryComplete();
        foreach (string key in _pending.Keys)
        {
            if (_pending.TryRemove(key, out TaskCompletionSource<StreamingMessage>? answer))
            {
                answer.TrySetException(new WorkerProcessExitException($"Worker {workerId} ended before it answered {key}."));
            }
        }
    }

    private void Receive(StreamingMessage message)
    {
        if (message.ContentCase == StreamingMessage.ContentOneofCase.RpcLog)
        {
            log.Write(message.RpcLog);
            return;
        }
        string key = message.ContentCase switch
        {
            StreamingMessage.ContentOneofCase.InvocationResponse => message.InvocationResponse.InvocationId,
            StreamingMessage.ContentOneofCase.FunctionLoadResponse => message.FunctionLoadResponse.FunctionId,
            _ => message.RequestId,
        };
        if (_pending.TryRemove(key, out TaskCompletionSource<StreamingMessage>? answer))
        {
            answer.TrySetResult(message);
        }
    }

    private async Task SendAllAsync(IServerStreamWriter<StreamingMessage> outgoing, CancellationToken cancellationToken)
    {
        await foreach (StreamingMessage message in _outgoing.Reader.ReadAllAsync(cancellationToken))
        {
            await outgoing.WriteAsync(message, cancellationToken);
        }
    }
}
