using Serverless.Statistics.Sequential;
using Serverless.Statistics.Shifts.Numbers;
using Serverless.Unit.Statistics.Shifts;
using Xunit;

namespace Serverless.Unit.Statistics.Sequential;

public sealed class RepeatedLooksTests(ITestOutputHelper output)
{
    private const int Features = 200;
    private const int Days = 90;

    private static readonly RepeatedLooks Quarter = new()
    {
        Reference = LookReference.Fresh,
        FalseAlarmRate = 0.05,
        Horizon = Days,
        Streams = Features,
    };

    /// <summary>Its mean over p-values is 1, by the midpoints of 2²⁰ of them and what lies below those.</summary>
    [Fact]
    public void Evidence_OfAUniformPValue_IsOneOnAverage()
    {
        const int Steps = 1 << 20;

        double mean = Enumerable.Range(0, Steps).Average(i => RepeatedLooks.Evidence((i + 0.5) / Steps));

        // ∫ of (1 - p + p ln p) / (p ln² p) is (p - 1) / ln p, so that the first of the steps alone has 1 / ln 2²⁰.
        double first = ((1.0 / Steps) - 1) / Math.Log(1.0 / Steps);
        Assert.Equal(1, mean - (RepeatedLooks.Evidence(0.5 / Steps) / Steps) + first, 0.02);
        Assert.Equal(0.5, RepeatedLooks.Evidence(1), 12);
        Assert.Equal(RepeatedLooks.Evidence(Math.Exp(-0.000999)), RepeatedLooks.Evidence(Math.Exp(-0.001001)), 1e-5);
    }

    [Theory]
    [InlineData(LookReference.Fresh)]
    [InlineData(LookReference.Shared)]
    public void FeaturesOver90Days_WithoutAShift_AlarmInUnderATwentiethOfQuarters(LookReference reference)
    {
        RepeatedLooks looks = Quarter with { Reference = reference };
        int alarms = Enumerable.Range(0, 150).Count(seed => Alarms(looks, new Random(seed), (random, _, _) => random.NextDouble()));

        output.WriteLine($"{alarms} of 150 quarters");
        Assert.InRange(alarms, 0, 7);
    }

    /// <summary>
    /// All days against one reference, of the same size as a day: p-values that are small together, since the reference is what it is.
    /// </summary>
    [Fact]
    public void FeaturesAgainstASharedReference_WithoutAShift_DoNotAlarm()
    {
        const int Quarters = 4;
        RepeatedLooks shared = Quarter with { Reference = LookReference.Shared };
        int alarms = Enumerable
            .Range(0, Quarters)
            .Count(seed =>
            {
                Random random = new(seed);
                SortedSample[] references = [.. Enumerable.Range(0, Features).Select(_ => random.Sample(25, r => r.NextDouble()))];
                return Alarms(shared, random, (r, feature, _) =>
                    CramerVonMises.Test(references[feature], r.Sample(25, value => value.NextDouble())).P
                );
            });

        output.WriteLine($"{alarms} of {Quarters} quarters");
        Assert.Equal(0, alarms);
    }

    /// <summary>From day 30 on, p-values as of a shift of 3 standard errors.</summary>
    [Fact]
    public void AShiftThatBeginsLate_IsFoundWithinDays()
    {
        List<int> delays = [];
        for (int seed = 0; seed < 40; seed++)
        {
            Random random = new(seed);
            LookEvidence evidence = default;
            int day = 0;
            while (!Quarter.IsAlarm(evidence))
            {
                double z = random.Normal() + (day++ < 30 ? 0 : 3);
                double p = Math.Min(1, Math.Exp(-z * z / 2)); // above the two-sided p-value (Chernoff)
                evidence = Quarter.Next(evidence, z < 0 ? 1 : p);
            }
            delays.Add(day - 30);
        }

        output.WriteLine($"found after {delays.Average()} days");
        Assert.InRange(delays.Average(), 1, 12);
    }

    [Fact]
    public void ALook_WithoutEnoughData_ChangesNothing()
    {
        LookEvidence evidence = Quarter.Next(default, 0.01);

        Assert.Equal(evidence, Quarter.Next(evidence, null));
        Assert.True(Quarter.IsAlarm(Quarter.Next(evidence, 0)));
        Assert.True(double.IsFinite(Quarter.Next(evidence, 0).Sum));
        Assert.Throws<ArgumentOutOfRangeException>(() => Quarter.Next(evidence, double.NaN));
        Assert.Equal(360_000, Quarter.Threshold, 6);
        Assert.InRange(RepeatedLooks.Evidence(7e-9), Quarter.Threshold, 2 * Quarter.Threshold);
        Assert.InRange(RepeatedLooks.Evidence(1.0 / 201), 6, 7.1);
    }

    private static bool Alarms(RepeatedLooks looks, Random random, Func<Random, int, int, double?> p)
    {
        LookEvidence[] evidence = new LookEvidence[Features];
        for (int day = 0; day < Days; day++)
        {
            for (int feature = 0; feature < Features; feature++)
            {
                evidence[feature] = looks.Next(evidence[feature], p(random, feature, day));
                if (looks.IsAlarm(evidence[feature]))
                {
                    return true;
                }
            }
        }
        return false;
    }
}
