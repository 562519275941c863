namespace Serverless.Sizing.Arrivals;

/// <summary>A stretch of a load whose rate moves evenly from one value to another; equal ones keep it.</summary>
/// <param name="From">Arrivals a second.</param>
/// <param name="To">Arrivals a second.</param>
public sealed record RateStretch(double From, double To, TimeSpan Lasts)
{
    /// <summary>How many arrive in the mean.</summary>
    public double Mean => (From + To) / 2 * Lasts.TotalSeconds;
}

/// <summary>How a rate of arrivals moves over time: steady, ramps, spikes, one stretch after another.</summary>
public sealed record RateShape
{
    public const double MostASecond = 100_000;

    public static readonly TimeSpan Longest = TimeSpan.FromDays(31);

    private const double MostArrivals = 50_000_000;

    /// <exception cref="SizingInputException">A rate cannot be, nothing ever arrives, or it lasts too long.</exception>
    public RateShape(IReadOnlyList<RateStretch> stretches)
    {
        foreach (double rate in stretches.SelectMany(stretch => new[] { stretch.From, stretch.To }))
        {
            if (!(rate >= 0 && rate <= MostASecond))
            {
                throw new SizingInputException($"The rate {rate} is not possible; expected is 0 to {MostASecond:0} a second.");
            }
        }
        Stretches = stretches;
        if (!(Mean > 0 && Mean <= MostArrivals) || Lasts > Longest)
        {
            throw new SizingInputException(
                $"The load has {Mean:0.##} arrivals in {Durations.Say(Lasts)}; expected are more than 0 and at most {MostArrivals:0}, in "
                    + $"at most {Longest.TotalDays:0} days."
            );
        }
    }

    public IReadOnlyList<RateStretch> Stretches { get; }

    public TimeSpan Lasts => Stretches.Aggregate(TimeSpan.Zero, (sum, stretch) => sum + stretch.Lasts);

    /// <summary>How many arrive in the mean.</summary>
    public double Mean => Stretches.Sum(stretch => stretch.Mean);

    /// <summary>Null where the rate changes.</summary>
    public double? Steady =>
        Stretches.All(stretch => stretch == Stretches[0] with { Lasts = stretch.Lasts } && stretch.From == stretch.To)
            ? Stretches[0].From
            : null;

    public static RateShape Constant(double rate, TimeSpan lasts) => new([new RateStretch(rate, rate, lasts)]);

    /// <summary>
    /// Reads "20", "5..50 for 60s" or several such with commas, as "20 for 30s, 200 for 5s, 20 for 30s" for a spike.
    /// </summary>
    /// <param name="standard">How long a stretch lasts that does not say so.</param>
    /// <exception cref="SizingInputException"/>
    public static RateShape Parse(string text, TimeSpan standard) => new([.. text.Split(',').Select(part => ParseStretch(part, standard))]);

    /// <summary>
    /// Arrivals of a Poisson process with this rate, from the start and in order: those of rate 1, each at the moment when the mean number
    /// of arrivals reaches it (Çinlar 1975, time change). The same seed gives the same.
    /// </summary>
    public IEnumerable<TimeSpan> Arrivals(int seed)
    {
        Random random = new(seed);
        double before = 0,
            next = Exponential(random);
        TimeSpan start = TimeSpan.Zero;
        foreach (RateStretch stretch in Stretches)
        {
            for (; next < before + stretch.Mean; next += Exponential(random))
            {
                yield return start + TimeSpan.FromSeconds(TimeOf(stretch, next - before));
            }
            before += stretch.Mean;
            start += stretch.Lasts;
        }
    }

    /// <summary>When this many have arrived in the mean, in seconds from the start of the stretch.</summary>
    private static double TimeOf(RateStretch stretch, double arrivals)
    {
        double slope = (stretch.To - stretch.From) / stretch.Lasts.TotalSeconds;
        double root = Math.Sqrt(Math.Max(0, (stretch.From * stretch.From) + (2 * slope * arrivals)));
        return Math.Min(2 * arrivals / (stretch.From + root), stretch.Lasts.TotalSeconds);
    }

    /// <summary>Arrivals at one rate without an end.</summary>
    public static IEnumerable<TimeSpan> Endless(double rate, int seed)
    {
        Random random = new(seed);
        for (TimeSpan at = TimeSpan.Zero; ; )
        {
            at += TimeSpan.FromSeconds(Exponential(random) / rate);
            yield return at;
        }
    }

    private static double Exponential(Random random) => -Math.Log(1 - random.NextDouble());

    private static RateStretch ParseStretch(string text, TimeSpan standard)
    {
        string[] parts = text.Split(" for ", 2);
        string[] rates = parts[0].Trim().Split("..", 2);
        if (!Numbers.TryRead(rates[0], out double from) || !Numbers.TryRead(rates[^1], out double to))
        {
            throw new SizingInputException(
                $"The load '{text.Trim()}' is none; expected is a rate a second such as 20, a ramp such as 5..50, or several with times: "
                    + "20 for 30s, 200 for 5s."
            );
        }
        return new RateStretch(from, to, parts.Length == 2 ? Durations.Parse("How long the load lasts", parts[1]) : standard);
    }
}
