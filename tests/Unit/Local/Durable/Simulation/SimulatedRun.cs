using DurableTask.Core;
using DurableTask.Core.Exceptions;
using DurableTask.Core.History;
using Serverless.Local.Durable;

namespace Serverless.Unit.Local.Durable.Simulation;

/// <summary>What a client does with one orchestration, and how it has to end.</summary>
/// <param name="Steps">Each is tried again until it is acknowledged, and then the next.</param>
internal sealed record SimulatedRun(string Id, OrchestrationStatus Status, string? Output, Queue<SimulatedRun.Step> Steps)
{
    public delegate Task Step(SqliteOrchestrationService service);

    /// <summary>The host that was asked and has not answered yet.</summary>
    public SimulatedHost? Asked { get; set; }

    public static SimulatedRun Of(int kind, int number, SimulatedCode code)
    {
        string id = $"run-{number}";
        string twice = SimulatedCode.Twice($"{number}");
        return kind switch
        {
            0 => Completed(id, $"{twice} {twice} t e", [Start("Fan", id, number), Raise(id, "go", "e")]),
            1 => Completed(id, "abc", [Start("Loop", id, null), .. "abc".Select(letter => Raise(id, "more", $"{letter}"))]),
            2 => Completed(id, "1", [Start("Transfer", id, null)]),
            3 => Completed(id, $"ok{twice}", [Start("Flaky", id, number), Rewind(id, code)]),
            4 => Completed(id, "e", [Start("Wait", id, null), Suspend(id), Raise(id, "go", "e"), Resume(id)]),
            _ => new SimulatedRun(id, OrchestrationStatus.Terminated, "enough", new([Start("Parent", id, null), Terminate(id)])),
        };
    }

    /// <summary>What is wrong with how it stands; null where nothing is.</summary>
    public string? Fault(SqliteOrchestrationService service)
    {
        OrchestrationState? state = service.Find(Id, withContent: true);
        if (state?.OrchestrationStatus != Status || state.Output != Output)
        {
            return $"{Id} is {state?.OrchestrationStatus} with '{state?.Output}', not {Status} with '{Output}'";
        }

        if (service.Find($"{Id}-child", withContent: false) is { } child && child.OrchestrationStatus != Status)
        {
            return $"the child of {Id} is {child.OrchestrationStatus}";
        }

        IEnumerable<int> results = service.ReadHistory(Id).Select(ResultOf).OfType<int>();
        int[] doubled = [.. results.GroupBy(task => task).Where(group => group.Count() > 1).Select(group => group.Key)];
        return doubled.Length > 0 ? $"{Id} has two results of task {doubled[0]}" : null;
    }

    private static int? ResultOf(HistoryEvent item) =>
        item switch
        {
            TaskCompletedEvent done => done.TaskScheduledId,
            SubOrchestrationInstanceCompletedEvent done => done.TaskScheduledId,
            TimerFiredEvent done => done.TimerId,
            _ => null,
        };

    private static SimulatedRun Completed(string id, string output, IEnumerable<Step> steps) =>
        new(id, OrchestrationStatus.Completed, output, new Queue<Step>(steps));

    private static Step Start(string name, string id, object? input) =>
        async service =>
        {
            try
            {
                await new TaskHubClient(service).CreateOrchestrationInstanceAsync(name, "", id, input?.ToString());
            }
            catch (OrchestrationAlreadyExistsException)
            {
                // The answer to an earlier try was lost.
            }
        };

    private static Step Raise(string id, string name, string value) =>
        service => new TaskHubClient(service).RaiseEventAsync(new OrchestrationInstance { InstanceId = id }, name, value);

    private static Step Suspend(string id) =>
        service => new TaskHubClient(service).SuspendInstanceAsync(new OrchestrationInstance { InstanceId = id }, "pause");

    private static Step Resume(string id) =>
        service => new TaskHubClient(service).ResumeInstanceAsync(new OrchestrationInstance { InstanceId = id }, "go on");

    private static Step Terminate(string id) => service => service.ForceTerminateTaskOrchestrationAsync(id, "enough");

    // Waits until the orchestration has ended; one that found its activity mended needs no rewind.
    private static Step Rewind(string id, SimulatedCode code) =>
        service =>
        {
            OrchestrationStatus? status = service.Find(id, withContent: false)?.OrchestrationStatus;
            code.IsBroken &= status != OrchestrationStatus.Failed;
            return status switch
            {
                OrchestrationStatus.Failed => service.RewindAsync(id, "mended"),
                OrchestrationStatus.Completed => Task.CompletedTask,
                _ => throw new OperationCanceledException($"{id} is {status}."),
            };
        };
}
