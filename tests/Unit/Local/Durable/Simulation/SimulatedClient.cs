using DurableTask.Core;
using DurableTask.Core.Entities;
using Serverless.Local.Durable;

namespace Serverless.Unit.Local.Durable.Simulation;

/// <summary>
/// Asks the hosts, one step of each orchestration at a time and over again where no answer came; and knows what must have come of it.
/// </summary>
internal sealed class SimulatedClient
{
    private readonly Random _random;
    private readonly List<SimulatedRun> _runs;
    private int _signalled;
    private int _perhapsSignalled;

    public SimulatedClient(Random random, SimulatedCode code)
    {
        _random = random;
        _runs = [.. Enumerable.Range(0, random.Next(1, 4)).Select(number => SimulatedRun.Of(random.Next(6), number, code))];
        SimulatedRun signals = new("signals", OrchestrationStatus.Completed, null, new());
        for (int i = random.Next(4); i > 0; i--)
        {
            signals.Steps.Enqueue(SignalAsync);
        }

        Signals = signals;
    }

    private SimulatedRun Signals { get; }

    private IEnumerable<SimulatedRun> Asking => _runs.Append(Signals).Where(run => run.Steps.Count > 0);

    public bool IsDone => !Asking.Any();

    /// <summary>Asks a host for one thing, unless every answer is still awaited.</summary>
    public void Ask(SimulatedHost host)
    {
        SimulatedRun[] free = [.. Asking.Where(run => run.Asked is null)];
        if (free.Length > 0)
        {
            _ = AskAsync(free[_random.Next(free.Length)], host);
        }
    }

    /// <summary>What was asked of a host that died is asked again. Whether it was done, nobody knows.</summary>
    public void Forget(SimulatedHost dead)
    {
        foreach (SimulatedRun run in _runs.Append(Signals).Where(run => run.Asked == dead))
        {
            run.Asked = null;
            if (run == Signals)
            {
                _perhapsSignalled++;
                run.Steps.Dequeue();
            }
        }
    }

    public string? Fault(SqliteOrchestrationService service)
    {
        int least = _signalled + _runs.Count(run => run.Output?.EndsWith(" t e", StringComparison.Ordinal) == true);
        int sum = Counter(service, SimulatedCode.Sum);
        int transfers = Counter(service, SimulatedCode.Left);
        return _runs.Select(run => run.Fault(service)).FirstOrDefault(fault => fault is not null)
            ?? (sum < least ? $"a signal was lost: {sum} of {least}" : null)
            ?? (sum > least + _perhapsSignalled ? $"a signal was doubled: {sum} of {least}" : null)
            ?? (transfers != _runs.Count(run => run.Output == "1") ? $"{transfers} transfers were made" : null);
    }

    private async Task AskAsync(SimulatedRun run, SimulatedHost host)
    {
        run.Asked = host;
        try
        {
            await run.Steps.Peek()(host.Service);
        }
        catch (Exception e) when (SimulatedHost.IsFault(e))
        {
            if (!host.IsDead)
            {
                run.Asked = null;
            }

            return;
        }

        if (!host.IsDead)
        {
            run.Steps.Dequeue();
            run.Asked = null;
            _signalled += run == Signals ? 1 : 0;
        }
    }

    private Task SignalAsync(SqliteOrchestrationService service)
    {
        OrchestrationInstance target = new() { InstanceId = SimulatedCode.Sum.ToString() };
        Guid id = new(_random.Next(), 0, 0, new byte[8]);
        EntityMessageEvent signal = ClientEntityHelpers.EmitOperationSignal(target, id, "add", "1", null);
        return service.SendTaskOrchestrationMessageAsync(signal.AsTaskMessage());
    }

    private static int Counter(SqliteOrchestrationService service, EntityId entity) =>
        int.Parse(service.EntityBackendQueries.GetEntityAsync(entity, includeState: true).Result?.SerializedState ?? "0");
}
