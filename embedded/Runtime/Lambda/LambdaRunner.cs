using Amazon.Lambda.Core;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Serverless.Embedded.Runtime.Hosting;

namespace Serverless.Embedded.Runtime.Lambda;

/// <summary>Runs the handler: the bytes of an event in, the bytes of its answer out.</summary>
internal delegate Task<ReadOnlyMemory<byte>> LambdaHandler(byte[] payload, ILambdaContext context);

/// <summary>The event source mapping: takes batches from the queue and has the handler work on several at a time.</summary>
internal sealed class LambdaRunner(
    LambdaOptions options, MessageQueue queue, Wakeup work, LambdaHandler handler, EventFaults faults, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    private readonly LambdaFunction _function = LambdaFunction.Create(options.FunctionName, options.Region, options.MemoryMb);
    private readonly SemaphoreSlim _slots = new(options.Concurrency);

    /// <summary>Touched by the loop of <see cref="RunAsync"/> alone.</summary>
    private readonly List<Task> _running = [];

    /// <summary>Runs until cancelled, then gives what is running the time to finish; what does not comes again at the next start.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await _slots.WaitAsync(cancellationToken);
                _running.RemoveAll(invocation => invocation.IsCompleted);
                IReadOnlyList<SqsMessage> batch = queue.Take(options.BatchSize);
                if (batch.Count > 0)
                {
                    // A handler may compute for long before it first waits: not on this loop's thread.
                    _running.Add(Task.Run(() => InvokeAsync(batch), CancellationToken.None));
                    continue;
                }
                _slots.Release();
                TimeSpan wait = queue.UntilNext() is { } next && next < LongestWait ? next : LongestWait;
                await work.WaitAsync(wait, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await DrainAsync();
        }
    }

    private async Task InvokeAsync(IReadOnlyList<SqsMessage> batch)
    {
        string requestId = batch[0].Id;
        LambdaContext context = new(_function, requestId, time.GetUtcNow() + options.Timeout, time);
        IReadOnlySet<string> failures;
        try
        {
            byte[] payload = SqsBatch.Format(faults.Apply(batch), $"{options.FunctionName}-queue", options.Region);
            failures = SqsBatch.FailuresIn(await handler(payload, context), batch);
        }
        catch (Exception e)
        {
            logger.InvocationFailed(requestId, batch.Count, e);
            failures = batch.Select(m => m.Id).ToHashSet();
        }
        try
        {
            foreach (SqsMessage dead in queue.Finish(batch, failures))
                logger.MessageIsDead(dead.Id, dead.ReceiveCount);
        }
        catch (SqliteException e)
        {
            logger.InvocationNotSettled(requestId, batch.Count, e.Message);
        }
        finally
        {
            _slots.Release();
            work.Signal();
        }
    }

    private async Task DrainAsync()
    {
        try
        {
            await Task.WhenAll(_running).WaitAsync(options.StopLimit, time);
        }
        catch (TimeoutException)
        {
            logger.StoppedWithWorkLeft(_running.Count(invocation => !invocation.IsCompleted), options.StopLimit);
        }
    }
}
