namespace Serverless.Statistics.Sequential;

public enum LookReference
{
    /// <summary>
    /// Each look's p-value is valid given the looks before: it has reference values of its own, or is held against the reference and all
    /// looks before together. Evidence of successive looks multiplies.
    /// </summary>
    Fresh,

    /// <summary>
    /// All looks are held against the same values. A reference that is unusual by chance makes all p-values small together, so that
    /// evidence may only add up: large shifts are found as soon, small lasting ones later. Multiplied, that of 200 features with windows of
    /// 25 values alarmed falsely in 8 of 8 simulated quarters against 25 reference values, in 1 against 250, in none against 2,500.
    /// </summary>
    Shared,
}

/// <summary>What a feature's looks so far have brought; starts as default, and anew after an alarm.</summary>
/// <param name="Sum">The e-detector's value; capped, so that it can be written as JSON.</param>
public readonly record struct LookEvidence(double Sum);

/// <summary>
/// Makes one alarm of many looks at p-values, such as one a day of each of many features. Where nothing shifts, the chance that any stream
/// ever alarms within the horizon is at most <see cref="FalseAlarmRate"/>, and false alarms of one stream are at least
/// <see cref="LooksBetweenFalseAlarms"/> looks apart on average. Each p-value becomes an e-value, ∫ κ·p^(κ-1) dκ over 0 to 1 (Vovk and Wang
/// 2021, "E-values: calibration, combination and applications"); these make a Shiryaev–Roberts e-detector (Shin, Ramdas and Rinaldo 2023,
/// "E-detectors: a nonparametric framework for sequential change detection"): whenever a shift begins, the evidence since then counts. Its
/// mean after h looks is at most h, so that it passes the threshold within h looks with a chance of at most h / threshold (Ville 1939);
/// streams may depend on each other in any way. Immutable.
/// </summary>
public sealed record RepeatedLooks
{
    private const double MaxSum = 1e300;

    public required LookReference Reference { get; init; }

    /// <summary>Of all streams together over the horizon; between 0 and 1.</summary>
    public required double FalseAlarmRate { get; init; }

    /// <summary>In looks.</summary>
    public required int Horizon { get; init; }

    /// <summary>How many features are looked at.</summary>
    public int Streams { get; init; } = 1;

    /// <summary>
    /// What the evidence of a stream must reach. 200 streams, 90 looks and 5 % make it 360,000: one p-value of 7·10⁻⁹ or, of fresh looks,
    /// three of 10⁻⁴. A test by 200 permutations gives evidence of at most 7 a look, so that of its looks only fresh ones can alarm.
    /// </summary>
    public double Threshold => (double)Streams * Horizon / FalseAlarmRate;

    /// <summary>
    /// Of one stream, on average and at least; of all streams together, <see cref="Streams"/> times fewer. Half as many where the reference
    /// is shared, since there only the chance of passing within h looks is known, h / threshold.
    /// </summary>
    public double LooksBetweenFalseAlarms => Reference == LookReference.Fresh ? Threshold : Threshold / 2;

    /// <param name="p">Null of a look that had not enough data, which changes nothing.</param>
    public LookEvidence Next(LookEvidence evidence, double? p)
    {
        if (p is not double known)
        {
            return evidence;
        }
        double e = Evidence(known);
        return new LookEvidence(Math.Min(MaxSum, Reference == LookReference.Fresh ? (1 + evidence.Sum) * e : evidence.Sum + e));
    }

    public bool IsAlarm(LookEvidence evidence) => evidence.Sum >= Threshold;

    /// <summary>The e-value of a p-value: (1 - p + p·ln p) / (p·ln² p); from 0.5 at 1 to infinity at 0.</summary>
    internal static double Evidence(double p)
    {
        if (p is not (>= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(p), p, "A p-value is expected from 0 to 1.");
        }
        if (p == 0)
        {
            return double.PositiveInfinity;
        }
        double log = Math.Log(p);
        return Math.Abs(log) < 1e-3
            ? (0.5 + (log / 3) + (log * log / 8)) / p // what is left of the difference close to 1
            : (1 - p + (p * log)) / (p * log * log);
    }
}
