using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Serverless.Local.Queues;

namespace Serverless.Local.Lambda;

/// <summary>Takes batches from the queue and invokes the function with them, one batch for each environment that is ready.</summary>
internal sealed class EventSourceMapping(
    LambdaOptions options,
    MessageQueue queue,
    Wakeup work,
    ChannelReader<ExecutionEnvironment> ready,
    TimeProvider time,
    ILogger logger
)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    /// <summary>Touched by the loop of <see cref="RunAsync"/> alone.</summary>
    private readonly List<Task> _running = [];

    /// <summary>Runs until cancelled, then gives what is running the time to finish; what does not comes again at the next start.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                // First the environment: a message is received only when it can be worked on.
                ExecutionEnvironment environment = await ready.ReadAsync(cancellationToken);
                IReadOnlyList<QueueMessage> batch = await TakeBatchAsync(cancellationToken);
                byte[] payload = SqsBatch.Format(batch, options.Queue, options.Region);
                Invocation? invocation;
                while ((invocation = environment.TryInvoke(batch[0].Id, payload)) is null)
                {
                    environment = await ready.ReadAsync(cancellationToken);
                }

                _running.RemoveAll(running => running.IsCompleted);
                _running.Add(SettleAsync(environment, invocation, batch));
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await DrainAsync();
        }
    }

    private async Task<IReadOnlyList<QueueMessage>> TakeBatchAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (options.BatchWindow > TimeSpan.Zero)
            {
                await WaitUntilFullAsync(cancellationToken);
            }

            IReadOnlyList<QueueMessage> batch = queue.Take(options.BatchSize);
            if (batch.Count > 0)
            {
                return batch;
            }

            TimeSpan wait = queue.UntilNext() is { } next && next < LongestWait ? next : LongestWait;
            await work.WaitAsync(wait, cancellationToken);
        }
    }

    /// <summary>Waits while there is something to do, but not enough for a full batch.</summary>
    private async Task WaitUntilFullAsync(CancellationToken cancellationToken)
    {
        long started = time.GetTimestamp();
        while (
            queue.CountDue(options.BatchSize) is int due
            && due > 0
            && due < options.BatchSize
            && options.BatchWindow - time.GetElapsedTime(started) is { Ticks: > 0 } left
        )
        {
            await work.WaitAsync(left, cancellationToken);
        }
    }

    private async Task SettleAsync(ExecutionEnvironment environment, Invocation invocation, IReadOnlyList<QueueMessage> batch)
    {
        InvocationOutcome outcome = await EndAsync(environment, invocation);
        if (outcome.Error is { } error)
        {
            logger.InvocationFailed(invocation.RequestId, batch.Count, error.Type, OneLine(error.Message));
        }

        try
        {
            IReadOnlySet<string> failures = outcome.Error is null
                ? SqsBatch.FailuresIn(outcome.Answer, batch)
                : batch.Select(message => message.Id).ToHashSet();
            foreach (QueueMessage dead in queue.Finish(batch, failures))
            {
                logger.MessageIsDead(dead.Id, dead.ReceiveCount);
            }
        }
        catch (SqliteException e)
        {
            logger.InvocationNotSettled(invocation.RequestId, batch.Count, e.Message);
        }
        finally
        {
            work.Signal();
        }
    }

    /// <summary>
    /// At its deadline the process is ended with the invocation, as Lambda does: what it does after that would count for nothing.
    /// </summary>
    private async Task<InvocationOutcome> EndAsync(ExecutionEnvironment environment, Invocation invocation)
    {
        try
        {
            return await invocation.Outcome.WaitAsync(options.Timeout, time);
        }
        catch (TimeoutException)
        {
            InvocationOutcome outcome = InvocationOutcome.Failed(
                "Sandbox.Timedout",
                $"Task timed out after {options.Timeout.TotalSeconds:0.00} seconds"
            );
            if (!invocation.TryEnd(outcome))
            {
                return await invocation.Outcome;
            }

            environment.Kill();
            return outcome;
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

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
