namespace Serverless.Sizing.Fleets;

/// <summary>How long one job keeps one slot of a replica, in seconds.</summary>
/// <param name="Mean">Of the times drawn.</param>
/// <param name="Draw">One time, from a source of numbers.</param>
public sealed record ServiceTimes(double Mean, Func<Random, double> Draw)
{
    public static ServiceTimes Fixed(TimeSpan time) => new(Checked(time.TotalSeconds), _ => time.TotalSeconds);

    public static ServiceTimes Exponential(TimeSpan mean) =>
        new(Checked(mean.TotalSeconds), random => -Math.Log(1 - random.NextDouble()) * mean.TotalSeconds);

    /// <summary>Each as likely as the others.</summary>
    /// <exception cref="SizingInputException">There is none, or one that cannot be.</exception>
    public static ServiceTimes Measured(IReadOnlyList<double> seconds)
    {
        if (seconds.Count == 0)
        {
            throw new SizingInputException("No service time was measured; expected is at least one.");
        }
        return new(seconds.Select(Checked).Average(), random => seconds[random.Next(seconds.Count)]);
    }

    private static double Checked(double seconds) =>
        double.IsFinite(seconds) && seconds > 0
            ? seconds
            : throw new SizingInputException($"A service time is {seconds} s; expected is a number above 0.");
}
