namespace Serverless.Sizing.Costs;

/// <summary>What is to be answered.</summary>
/// <param name="Rate">Predictions a second at the busiest time that must be kept up with.</param>
/// <param name="Within">In which 95 of 100 are to be answered.</param>
/// <param name="LeastAccuracy">Null where any does.</param>
public sealed record Demand(double Rate, TimeSpan Within, double? LeastAccuracy)
{
    private const double SecondsADay = 86_400;
    private const double MostASecond = 1_000_000;

    /// <summary>Hours of media a day, each with so many predictions, and a peak over the mean.</summary>
    /// <exception cref="SizingInputException">Nothing is to be answered, or a number cannot be.</exception>
    public static Demand Of(double rate, double mediaHours, double perHour, double peak, TimeSpan within, double? leastAccuracy)
    {
        foreach (
            (string what, double number) in new[] { ("rate", rate), ("hours of media a day", mediaHours), ("predictions an hour", perHour) }
        )
        {
            if (!(double.IsFinite(number) && number >= 0))
            {
                throw new SizingInputException($"The {what} is {number}; expected is a number that is not negative.");
            }
        }
        if (!(peak >= 1 && double.IsFinite(peak)))
        {
            throw new SizingInputException($"The peak is {peak} × the mean; expected is 1 or more.");
        }
        double all = rate + (mediaHours * perHour / SecondsADay * peak);
        if (all > MostASecond)
        {
            throw new SizingInputException($"The demand is {all:0} predictions a second; expected is up to {MostASecond:0}.");
        }
        return all > 0
            ? new Demand(all, within, leastAccuracy)
            : throw new SizingInputException(
                "The demand is 0; expected is a rate (RATE=20), or hours of media a day and predictions for each (HOURS=8 with --per-hour)."
            );
    }
}
