using Microsoft.Extensions.Configuration;

namespace Serverless.Embedded.Runtime.Hosting;

/// <summary>
/// Loses and repeats storage events on purpose, so that it can be tried that nothing depends on each arriving exactly once. Settings
/// <c>Embedded:Faults</c>; nothing is lost or repeated by default. Thread-safe.
/// </summary>
internal sealed class EventFaults
{
    private readonly double _lost;
    private readonly int _copies;
    private readonly Random _random;
    private readonly Lock _lock = new();

    public EventFaults(IConfiguration configuration)
    {
        IConfigurationSection faults = configuration.GetSection("Embedded:Faults");
        _lost = faults.GetValue("LostEvents", 0.0);
        _copies = faults.GetValue("EventCopies", 1);
        _random = new Random(faults.GetValue("Seed", 0));
        if (_lost is < 0 or > 1 || _copies is < 1 or > 10)
            throw new HostStartException($"Embedded:Faults has LostEvents {_lost} and EventCopies {_copies}; allowed are 0 to 1 and 1 to 10");
    }

    /// <summary>The events as a careless network would hand them on: some lost, each other one repeated, all shuffled.</summary>
    public IReadOnlyList<T> Apply<T>(IReadOnlyList<T> events)
    {
        if (_lost == 0 && _copies == 1)
            return events;
        lock (_lock)
        {
            T[] arriving = [.. events.Where(_ => _random.NextDouble() >= _lost).SelectMany(one => Enumerable.Repeat(one, _copies))];
            _random.Shuffle(arriving);
            return arriving;
        }
    }
}
