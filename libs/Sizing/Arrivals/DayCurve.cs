namespace Serverless.Sizing.Arrivals;

/// <summary>A day as a half-hourly rate that rises and falls once, as a cosine around its mean.</summary>
/// <param name="PerDay">Arrivals of the day in the mean.</param>
/// <param name="PeakToMean">The highest rate over the mean one, 1 to 2; 1 is even.</param>
/// <param name="PeakHour">Of the day, 0 to 24.</param>
public sealed record DayCurve(double PerDay, double PeakToMean, double PeakHour)
{
    private const int Stretches = 48;

    /// <exception cref="SizingInputException">A value is out of its bounds.</exception>
    public RateShape Shape()
    {
        if (!(PerDay > 0) || !(PeakToMean is >= 1 and <= 2) || !(PeakHour is >= 0 and <= 24))
        {
            throw new SizingInputException(
                $"A day of {PerDay} arrivals with a peak of {PeakToMean} × the mean at {PeakHour} h is none; expected are more than 0 "
                    + "arrivals, a peak of 1 to 2 × and an hour of 0 to 24."
            );
        }
        return new RateShape([
            .. Enumerable.Range(0, Stretches).Select(i => new RateStretch(RateAt(i), RateAt(i + 1), TimeSpan.FromDays(1.0 / Stretches))),
        ]);
    }

    private double RateAt(int stretch)
    {
        double hour = 24.0 * stretch / Stretches;
        return PerDay / 86_400 * (1 + ((PeakToMean - 1) * Math.Cos((hour - PeakHour) / 24 * 2 * Math.PI)));
    }
}
