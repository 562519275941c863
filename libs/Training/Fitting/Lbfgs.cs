using System.Numerics.Tensors;

namespace Serverless.Training.Fitting;

/// <param name="Gradient">Its largest component in the end.</param>
internal sealed record LbfgsResult(double[] Point, double Value, double Gradient, int Iterations);

/// <summary>
/// Limited-memory BFGS (Nocedal and Wright, "Numerical Optimization", algorithms 7.4 and 7.5) with steps that are halved until they
/// decrease the value enough (Armijo); for functions that are smooth and convex.
/// </summary>
internal static class Lbfgs
{
    private const int Memory = 10;
    private const int MaxIterations = 1_000;
    private const int MaxHalvings = 40;
    private const double Decrease = 1e-4;

    /// <summary>Of the largest component of the gradient of a mean over rows.</summary>
    private const double Tolerance = 1e-7;

    public static LbfgsResult Minimise(Func<double[], double[], double> evaluate, double[] start, CancellationToken cancellationToken)
    {
        double[] x = [.. start],
            gradient = new double[x.Length];
        double value = evaluate(x, gradient);
        List<Correction> corrections = [];
        int iteration = 0;
        for (; iteration < MaxIterations && LargestOf(gradient) > Tolerance; iteration++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            double[] direction = DirectionOf(gradient, corrections);
            double slope = TensorPrimitives.Dot<double>(gradient, direction),
                step = corrections.Count == 0 ? Math.Min(1, 1 / TensorPrimitives.Norm<double>(gradient)) : 1;
            double[] next = new double[x.Length],
                nextGradient = new double[x.Length];
            double nextValue = double.PositiveInfinity;
            int halvings = 0;
            for (; halvings < MaxHalvings; halvings++, step /= 2)
            {
                TensorPrimitives.MultiplyAdd(direction, step, x, next);
                nextValue = evaluate(next, nextGradient);
                if (nextValue <= value + (Decrease * step * slope))
                {
                    break;
                }
            }
            if (halvings == MaxHalvings)
            {
                break; // as low as numbers of this width tell apart
            }
            Remember(corrections, x, next, gradient, nextGradient);
            (x, gradient, value) = (next, nextGradient, nextValue);
        }
        return new LbfgsResult(x, value, LargestOf(gradient), iteration);
    }

    private static double LargestOf(double[] gradient) => Math.Abs(TensorPrimitives.MaxMagnitude<double>(gradient));

    /// <summary>Minus the product of the approximated inverse Hessian and the gradient (two-loop recursion).</summary>
    private static double[] DirectionOf(double[] gradient, List<Correction> corrections)
    {
        double[] q = [.. gradient];
        double[] alpha = new double[corrections.Count];
        for (int i = corrections.Count - 1; i >= 0; i--)
        {
            alpha[i] = TensorPrimitives.Dot<double>(corrections[i].S, q) / corrections[i].Curvature;
            TensorPrimitives.MultiplyAdd(corrections[i].Y, -alpha[i], q, q);
        }
        if (corrections is [.., var last])
        {
            TensorPrimitives.Multiply(q, last.Curvature / TensorPrimitives.SumOfSquares<double>(last.Y), q);
        }
        for (int i = 0; i < corrections.Count; i++)
        {
            double beta = TensorPrimitives.Dot<double>(corrections[i].Y, q) / corrections[i].Curvature;
            TensorPrimitives.MultiplyAdd(corrections[i].S, alpha[i] - beta, q, q);
        }
        TensorPrimitives.Negate(q, q);
        return q;
    }

    /// <summary>A pair without curvature would make the direction no descent.</summary>
    private static void Remember(List<Correction> corrections, double[] x, double[] next, double[] gradient, double[] nextGradient)
    {
        double[] s = new double[x.Length],
            y = new double[x.Length];
        TensorPrimitives.Subtract(next, x, s);
        TensorPrimitives.Subtract(nextGradient, gradient, y);
        double curvature = TensorPrimitives.Dot<double>(s, y);
        if (curvature <= 1e-12 * TensorPrimitives.Norm<double>(s) * TensorPrimitives.Norm<double>(y))
        {
            return;
        }
        corrections.Add(new Correction(s, y, curvature));
        if (corrections.Count > Memory)
        {
            corrections.RemoveAt(0);
        }
    }

    private sealed record Correction(double[] S, double[] Y, double Curvature);
}
