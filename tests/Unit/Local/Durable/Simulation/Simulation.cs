using Microsoft.Extensions.Time.Testing;
using Serverless.Local.Durable.Storage;

namespace Serverless.Unit.Local.Durable.Simulation;

/// <summary>
/// One life of the provider that follows from a seed: hosts take, process, give back and commit in any order; they die, stop and lose
/// their disk at any moment. Then all is well again, and everything must come to its end.
/// </summary>
internal sealed class Simulation : IDisposable
{
    private const int Steps = 90;

    // Many times the lease of a host that hangs.
    private const int MaxRounds = 100;

    private readonly Random _random;
    private readonly PlantedBug? _bug;
    private readonly SimulatedDisk _disk;
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private readonly SimulatedCode _code;
    private readonly SimulatedClient _client;
    private readonly List<SimulatedHost> _hosts = [];

    private Simulation(int seed, PlantedBug? bug)
    {
        _random = new Random(seed);
        _bug = bug;
        _disk = new SimulatedDisk(bug);
        _code = new SimulatedCode(_time.GetUtcNow().UtcDateTime);
        _client = new SimulatedClient(_random, _code);
    }

    /// <summary>What was lost, doubled or stuck; null where nothing was.</summary>
    public static string? FaultOf(int seed, PlantedBug? bug = null)
    {
        SynchronizationContext? context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            using Simulation simulation = new(seed, bug);
            return simulation.Run();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    public void Dispose()
    {
        _hosts.ForEach(host => host.Die(unlocks: true));
        _disk.Dispose();
    }

    private SimulatedHost Any => Pick([.. _hosts.Where(host => !host.IsPaused)]);

    private string? Run()
    {
        StartHosts();
        for (int step = 0; step < Steps; step++)
        {
            Step(_random.Next(100));
            RestartFailed();
        }

        _disk.RefuseWrites(false);
        _hosts.ForEach(host => host.IsPaused = false);
        return Finish();
    }

    private void Step(int choice)
    {
        SimulatedHost host = Any;
        switch (choice)
        {
            case < 25:
                host.Fetch(_random.Next(3));
                break;
            case < 45:
                host.Process(_random);
                break;
            case < 70:
                host.Commit(_random.Next(1, 6));
                break;
            case < 85:
                _client.Ask(host);
                break;
            case < 90:
                _time.Advance(TimeSpan.FromSeconds(Pick([0.3, 1.1, 4, 12])));
                break;
            case < 93:
                host.Abandon(_random);
                break;
            case < 95:
                _disk.RefuseWrites(_random.Next(3) == 0);
                break;
            case < 97:
                Pause(Pick(_hosts));
                break;
            case < 98:
                Kill(host);
                break;
            default:
                CutPower(host);
                break;
        }
    }

    private string? Finish()
    {
        for (int round = 0; round < MaxRounds; round++)
        {
            RestartFailed();
            _client.Ask(Any);
            if (!_hosts.TrueForAll(host => host.TryRest(_random)))
            {
                return "there is always something to do";
            }

            if (_client.IsDone && Fault() is null)
            {
                return null;
            }

            _time.Advance(TimeSpan.FromSeconds(1));
        }

        return Fault() ?? "a client got no answer";
    }

    private string? Fault() =>
        _client.Fault(_hosts[0].Service)
        ?? _hosts[0]
            .Service.Store.Read(session =>
                session.Scalar("SELECT (SELECT count(*) FROM messages) + (SELECT count(*) FROM activities)") is > 0 and var left
                    ? $"{left} messages and activities are left over"
                    : null
            );

    private void StartHosts()
    {
        _hosts.Clear();
        for (int i = _random.Next(1, 3); i > 0; i--)
        {
            _hosts.Add(new SimulatedHost(_disk.Database, _time, _code));
        }
    }

    // One process ends; what it had locked is unlocked, unless it only hangs for ever.
    private void Kill(SimulatedHost host)
    {
        host.Die(unlocks: _random.Next(3) > 0);
        _client.Forget(host);
        _hosts[_hosts.IndexOf(host)] = new SimulatedHost(_disk.Database, _time, _code);
    }

    private void RestartFailed() => _hosts.FindAll(host => host.HasFailed).ForEach(Kill);

    private void Pause(SimulatedHost host) => host.IsPaused = !host.IsPaused && _hosts.Count(other => !other.IsPaused) > 1;

    // All end while one writes: its last commit is on the disk, in part, or not; and nobody was told.
    private void CutPower(SimulatedHost host)
    {
        _hosts.ForEach(dying => dying.IsDead = true);
        long before = _disk.LogBytes;
        host.Commit(_random.Next(1, 6));
        long after = _disk.LogBytes;
        long? torn = after > before && _random.Next(2) == 0 ? _random.NextInt64(before, after) : null;
        _disk.CutPower(_bug?.LosesLog == true ? before / 2 : torn);
        _disk.RefuseWrites(false);
        foreach (SimulatedHost dead in _hosts)
        {
            dead.Die(unlocks: true);
            _client.Forget(dead);
        }

        StartHosts();
    }

    private T Pick<T>(IReadOnlyList<T> items) => items[_random.Next(items.Count)];
}
