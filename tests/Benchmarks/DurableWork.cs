using System.Collections.Concurrent;
using DurableTask.Core;

namespace Serverless.Benchmarks;

/// <summary>Answers with its input.</summary>
internal sealed class Echo : TaskActivity<string, string>
{
    protected override string Execute(TaskContext context, string input) => input;
}

/// <summary>Runs one activity.</summary>
internal sealed class OneActivity : TaskOrchestration<string, string>
{
    public override Task<string> RunTask(OrchestrationContext context, string input) => context.ScheduleTask<string>(typeof(Echo), input);
}

/// <summary>Runs as many activities as its input says, all at once.</summary>
internal sealed class FanOut : TaskOrchestration<int, int>
{
    public override async Task<int> RunTask(OrchestrationContext context, int input)
    {
        string[] answers = await Task.WhenAll(Enumerable.Range(0, input).Select(i => context.ScheduleTask<string>(typeof(Echo), $"{i}")));
        return answers.Length;
    }
}

/// <summary>Waits for one event and tells this process when it begins to wait and when it goes on.</summary>
internal sealed class AwaitEvent(EventMoments moments) : TaskOrchestration<string, string, string, string>
{
    private readonly TaskCompletionSource<string> _raised = new();

    public override async Task<string> RunTask(OrchestrationContext context, string input)
    {
        moments.Waiting(context.OrchestrationInstance.InstanceId);
        string value = await _raised.Task;
        moments.Resumed(context.OrchestrationInstance.InstanceId);
        return value;
    }

    public override void OnEvent(OrchestrationContext context, string name, string input) => _raised.TrySetResult(input);
}

/// <summary>When instances of <see cref="AwaitEvent"/> first waited and first went on. Thread-safe.</summary>
internal sealed class EventMoments
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _waiting = [],
        _resumed = [];

    public void Waiting(string instanceId) => Signal(_waiting, instanceId).TrySetResult();

    public void Resumed(string instanceId) => Signal(_resumed, instanceId).TrySetResult();

    public Task WhenWaiting(string instanceId) => Signal(_waiting, instanceId).Task;

    public Task WhenResumed(string instanceId) => Signal(_resumed, instanceId).Task;

    private static TaskCompletionSource Signal(ConcurrentDictionary<string, TaskCompletionSource> signals, string instanceId) =>
        signals.GetOrAdd(instanceId, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
