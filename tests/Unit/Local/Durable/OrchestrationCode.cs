using DurableTask.Core;
using DurableTask.Core.Entities;
using DurableTask.Core.Entities.OperationFormat;
using Newtonsoft.Json;

namespace Serverless.Unit.Local.Durable;

/// <summary>An orchestration written as a lambda; it keeps events until they are waited for.</summary>
internal sealed class OrchestrationCode(Func<OrchestrationCode, OrchestrationContext, string, Task<string>> code) : TaskOrchestration
{
    private readonly Dictionary<string, Queue<string>> _kept = [];
    private readonly Dictionary<string, Queue<TaskCompletionSource<string>>> _awaited = [];
    private OrchestrationEntityContext? _entities;

    /// <summary>The custom status.</summary>
    public string? Status { get; set; }

    public override Task<string> Execute(OrchestrationContext context, string input)
    {
        _entities = new OrchestrationEntityContext(
            context.OrchestrationInstance.InstanceId,
            context.OrchestrationInstance.ExecutionId,
            context
        );
        return code(this, context, input);
    }

    public override void RaiseEvent(OrchestrationContext context, string name, string input)
    {
        if (
            _awaited.TryGetValue(name, out Queue<TaskCompletionSource<string>>? waits)
            && waits.TryDequeue(out TaskCompletionSource<string>? wait)
        )
        {
            wait.SetResult(input);
        }
        else
        {
            Queue(_kept, name).Enqueue(input);
        }
    }

    public override string? GetStatus() => Status;

    public Task<string> WaitForEventAsync(string name)
    {
        if (Queue(_kept, name).TryDequeue(out string? kept))
        {
            return Task.FromResult(kept);
        }

        TaskCompletionSource<string> wait = new();
        Queue(_awaited, name).Enqueue(wait);
        return wait.Task;
    }

    /// <summary>Calls an entity and waits for its answer.</summary>
    public async Task<string?> CallEntityAsync(OrchestrationContext context, EntityId entity, string operation, string? input, int call)
    {
        Guid id = new(call, 0, 0, new byte[8]);
        Send(context, _entities!.EmitRequestMessage(Target(entity), operation, oneWay: false, id, null, input));
        OperationResult result = _entities.DeserializeEntityResponseEvent(await WaitForEventAsync(id.ToString()));
        _entities.RecoverLockAfterCall(entity.ToString());
        return result.IsError
            ? throw new InvalidOperationException(result.FailureDetails?.ErrorMessage ?? result.ErrorMessage)
            : result.Result;
    }

    public void SignalEntity(OrchestrationContext context, EntityId entity, string operation, string? input) =>
        Send(context, _entities!.EmitRequestMessage(Target(entity), operation, oneWay: true, new Guid(9, 9, 9, new byte[8]), null, input));

    public async Task LockAsync(OrchestrationContext context, params EntityId[] entities)
    {
        Guid id = new(1000, 0, 0, new byte[8]);
        Send(context, _entities!.EmitAcquireMessage(id, entities));
        _entities.CompleteAcquire(_entities.DeserializeEntityResponseEvent(await WaitForEventAsync(id.ToString())), id);
    }

    public void Unlock(OrchestrationContext context)
    {
        foreach (EntityMessageEvent release in _entities!.EmitLockReleaseMessages())
        {
            Send(context, release);
        }
    }

    private static void Send(OrchestrationContext context, EntityMessageEvent message) =>
        context.SendEvent(message.TargetInstance, message.EventName, message.AsRawInput());

    private static OrchestrationInstance Target(EntityId entity) => new() { InstanceId = entity.ToString() };

    private static Queue<T> Queue<T>(Dictionary<string, Queue<T>> queues, string name)
    {
        if (!queues.TryGetValue(name, out Queue<T>? queue))
        {
            queues.Add(name, queue = new Queue<T>());
        }

        return queue;
    }
}

/// <summary>An activity written as a lambda over its one argument.</summary>
internal sealed class ActivityCode(Func<string, Task<string>> code) : TaskActivity
{
    public override string Run(TaskContext context, string input) => throw new NotSupportedException("Runs asynchronously.");

    public override async Task<string> RunAsync(TaskContext context, string input) =>
        JsonConvert.SerializeObject(await code(JsonConvert.DeserializeObject<string[]>(input)![0]));
}

/// <summary>An entity that counts: "add", "get", "delete"; "throw" fails, "crash" runs the action that a test gives.</summary>
internal sealed class CounterEntity(Func<Task> crash) : TaskEntity
{
    public override async Task<EntityBatchResult> ExecuteOperationBatchAsync(EntityBatchRequest operations)
    {
        string? state = operations.EntityState;
        List<OperationResult> results = [];
        foreach (OperationRequest operation in operations.Operations!)
        {
            switch (operation.Operation)
            {
                case "add":
                    state = (int.Parse(state ?? "0") + int.Parse(operation.Input!)).ToString();
                    break;
                case "delete":
                    state = null;
                    break;
                case "crash":
                    await crash();
                    break;
            }

            results.Add(
                operation.Operation == "throw"
                    ? new OperationResult { FailureDetails = new FailureDetails("Test", "thrown", null, null, false) }
                    : new OperationResult { Result = state }
            );
        }

        return new EntityBatchResult
        {
            Results = results,
            Actions = [],
            EntityState = state,
        };
    }
}

/// <summary>Finds code by name, whatever the version; an entity's name stands in its instance id.</summary>
internal sealed class CodeByName<T> : INameVersionObjectManager<T>
{
    private readonly Dictionary<string, Func<T>> _code = new(StringComparer.OrdinalIgnoreCase);

    public void Add(string name, Func<T> create) => _code[name] = create;

    public void Add(ObjectCreator<T> creator) => _code[creator.Name] = creator.Create;

    public T? GetObject(string name, string? version) =>
        _code.TryGetValue(name.StartsWith('@') ? EntityId.FromString(name).Name : name, out Func<T>? create) ? create() : default;
}
