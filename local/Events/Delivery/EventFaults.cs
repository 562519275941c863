using System.ComponentModel.DataAnnotations;

namespace Serverless.Local.Events.Delivery;

/// <summary>
/// Loses and repeats events on purpose, so that it can be tried that nothing depends on each arriving exactly once. Section
/// "Faults"; nothing is lost or repeated by default.
/// </summary>
internal sealed class FaultOptions
{
    [Range(0.0, 1.0)]
    public double LostEvents { get; set; }

    [Range(1, 10)]
    public int EventCopies { get; set; } = 1;

    public int Seed { get; set; }
}

/// <summary>Hands events on as a careless network would: some lost, each other one repeated, all shuffled. Thread-safe.</summary>
internal sealed class EventFaults(FaultOptions options)
{
    private readonly Random _random = new(options.Seed);
    private readonly Lock _gate = new();

    public IReadOnlyList<T> Apply<T>(IReadOnlyList<T> events)
    {
        if (options is { LostEvents: 0, EventCopies: 1 })
        {
            return events;
        }

        lock (_gate)
        {
            T[] arriving =
            [
                .. events
                    .Where(_ => _random.NextDouble() >= options.LostEvents)
                    .SelectMany(one => Enumerable.Repeat(one, options.EventCopies)),
            ];
            _random.Shuffle(arriving);
            return arriving;
        }
    }
}
