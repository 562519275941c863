namespace Serverless.Statistics.Intervals;

/// <summary>The standard normal distribution, to seven digits.</summary>
internal static class Normal
{
    /// <summary>Abramowitz and Stegun 1964, 26.2.17; the error stays below 7.5e-8.</summary>
    public static double Below(double z)
    {
        if (z < 0)
        {
            return 1 - Below(-z);
        }
        double t = 1 / (1 + (0.2316419 * z));
        double tail = t * (0.319381530 + (t * (-0.356563782 + (t * (1.781477937 + (t * (-1.821255978 + (t * 1.330274429))))))));
        return 1 - (Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI) * tail);
    }

    /// <summary>Wichura 1988, algorithm AS 241 (PPND7).</summary>
    public static double Quantile(double p)
    {
        if (p <= 0)
        {
            return double.NegativeInfinity;
        }
        if (p >= 1)
        {
            return double.PositiveInfinity;
        }
        double q = p - 0.5;
        if (Math.Abs(q) <= 0.425)
        {
            double r = 0.180625 - (q * q);
            return q
                * ((((((59.10937472 * r) + 159.29113202) * r) + 50.434271938) * r) + 3.3871327179)
                / ((((((67.187563600 * r) + 78.757757664) * r) + 17.895169469) * r) + 1);
        }
        double tail = Math.Sqrt(-Math.Log(q < 0 ? p : 1 - p));
        double z;
        if (tail <= 5)
        {
            double r = tail - 1.6;
            z =
                ((((((0.17023821103 * r) + 1.3067284816) * r) + 2.7568153900) * r) + 1.4234372777)
                / ((((0.12021132975 * r) + 0.73700164250) * r) + 1);
        }
        else
        {
            double r = tail - 5;
            z =
                ((((((0.017337203997 * r) + 0.42868294337) * r) + 3.0812263860) * r) + 6.6579051150)
                / ((((0.012258202635 * r) + 0.24197894225) * r) + 1);
        }
        return q < 0 ? -z : z;
    }
}
