using Serverless.Statistics.Sequential;

namespace Serverless.Statistics.Shifts.Categories;

/// <summary>The chi-square distribution; small shares keep their digits.</summary>
internal static class ChiSquared
{
    private const double Precision = 1e-15;

    /// <summary>
    /// How often x or more comes; equals <c>scipy.stats.chi2.sf</c>. The incomplete gamma function, by its series below its bend and by its
    /// continued fraction above (Abramowitz and Stegun 1964, 6.5.29 and 6.5.31; evaluated as Lentz 1976 does).
    /// </summary>
    public static double Above(double x, double degrees)
    {
        double a = degrees / 2,
            half = x / 2;
        if (half <= 0)
        {
            return 1;
        }
        double front = Math.Exp((a * Math.Log(half)) - half - Likelihood.LogGamma(a));
        return Math.Clamp(half < a + 1 ? 1 - (front * Series(a, half)) : front * Fraction(a, half), 0, 1);
    }

    private static double Series(double a, double x)
    {
        double term = 1 / a,
            sum = term;
        for (double n = a + 1; term > Precision * sum; n++)
        {
            term *= x / n;
            sum += term;
        }
        return sum;
    }

    private static double Fraction(double a, double x)
    {
        const double Tiny = 1e-300; // instead of a division by 0
        double b = x + 1 - a;
        double c = 1 / Tiny,
            d = 1 / b,
            product = d;
        for (int i = 1; ; i++)
        {
            double factor = i * (a - i);
            b += 2;
            d = 1 / NotZero((factor * d) + b);
            c = NotZero(b + (factor / c));
            product *= c * d;
            if (Math.Abs((c * d) - 1) < Precision)
            {
                return product;
            }
        }

        static double NotZero(double value) => Math.Abs(value) < Tiny ? Tiny : value;
    }
}
