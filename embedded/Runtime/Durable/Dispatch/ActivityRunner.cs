using System.Threading.Channels;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;
using Serverless.Embedded.Runtime.Durable.History;
using Serverless.Embedded.Runtime.Durable.Replay;
using Serverless.Embedded.Runtime.Durable.Storage;

namespace Serverless.Embedded.Runtime.Durable.Dispatch;

/// <summary>Runs activities, as many at a time as there are callers of <see cref="RunAsync"/>, and mails their results.</summary>
internal sealed class ActivityRunner(
    DurableRegistry registry, Mailroom mailroom, WorkInHand inHand, TimeProvider time, ILogger<ActivityRunner> log)
{
    private readonly Channel<ActivityWork> _waiting = Channel.CreateUnbounded<ActivityWork>();

    public void Post(ActivityWork work)
    {
        inHand.Begin();
        _waiting.Writer.TryWrite(work);
    }

    /// <summary>Takes work until <paramref name="stopping"/>; what runs then may finish until <paramref name="cancelling"/>.</summary>
    public async Task RunAsync(CancellationToken stopping, CancellationToken cancelling)
    {
        try
        {
            while (await _waiting.Reader.WaitToReadAsync(stopping))
            {
                while (!stopping.IsCancellationRequested && _waiting.Reader.TryRead(out ActivityWork? work))
                {
                    await RunAsync(work, cancelling);
                    inHand.End();
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // What still waits is on disk, and found at the next start.
        }
    }

    private async Task RunAsync(ActivityWork work, CancellationToken cancelling)
    {
        TaskResult result;
        try
        {
            result = await InvokeAsync(work, cancelling);
        }
        catch (OperationCanceledException) when (cancelling.IsCancellationRequested)
        {
            DurableLog.ActivityHandedBack(log, work.Name, work.InstanceId);
            return;
        }
        catch (Exception e)
        {
            DurableLog.ActivityFailed(log, e, work.Name, work.InstanceId);
            result = new ActivityFailed(work.TaskId, TaskFailureDetails.FromException(e));
        }

        DateTime now = time.GetUtcNow().UtcDateTime;
        mailroom.Deliver(new Message(work.InstanceId, work.Generation, result with { At = now }, now, InboxId: null));
    }

    private async Task<TaskResult> InvokeAsync(ActivityWork work, CancellationToken cancelling)
    {
        if (registry.FindActivity(work.Name) is not { } activity)
            return new ActivityFailed(work.TaskId, TaskNotFound.Activity(work.Name));
        ActivityInvocation invocation = new(work.InstanceId, work.Name, work.Version, work.TaskId, work.Input, work.TraceParent);
        return new ActivityCompleted(work.TaskId, await activity(invocation, cancelling));
    }
}
