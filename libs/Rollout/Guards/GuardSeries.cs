namespace Serverless.Rollout.Guards;

/// <summary>All guardrails at one look.</summary>
/// <param name="StableRequests">Seen since the step began, of which the stable version answered so many.</param>
/// <param name="Pairs">Mirrored requests.</param>
public sealed record GuardLook(
    DateTimeOffset At,
    long StableRequests,
    long CanaryRequests,
    long Pairs,
    IReadOnlyList<GuardReading> Readings
)
{
    private const int Digits = 5; // a thousandth of a percent

    public static GuardLook Of(DateTimeOffset at, GuardTally seen, IReadOnlyList<GuardReading> readings) =>
        new(at, seen.Stable.Requests, seen.Canary.Requests, seen.Mirror.Pairs, [.. readings.Select(Round)]);

    private static GuardReading Round(GuardReading reading) =>
        new(reading.Guard, Round(reading.Stable), Round(reading.Canary), Round(reading.Bound), Math.Round(reading.Evidence, Digits));

    private static double? Round(double? value) => value is { } number ? Math.Round(number, Digits) : null;
}

/// <summary>
/// How the guardrails stood during one step, however long it lasts: at most <see cref="MaxLooks"/> looks. When they are full every second
/// one is dropped, and further ones are kept as far apart as those that stay. The last is always there. Immutable.
/// </summary>
/// <param name="Every">How far apart looks are kept.</param>
public sealed record GuardSeries(TimeSpan Every, IReadOnlyList<GuardLook> Looks)
{
    public const int MaxLooks = 60;

    public static GuardSeries Empty { get; } = new(TimeSpan.Zero, []);

    public GuardSeries Add(GuardLook look)
    {
        bool near = Looks.Count > 1 && look.At - Looks[^2].At < Every;
        List<GuardLook> looks = [.. near ? Looks.SkipLast(1) : Looks, look];
        if (looks.Count <= MaxLooks)
        {
            return this with { Looks = looks };
        }
        List<GuardLook> half = [.. looks.Where((_, i) => (looks.Count - 1 - i) % 2 == 0)];
        return new GuardSeries((half[^1].At - half[0].At) / (half.Count - 1), half);
    }
}
