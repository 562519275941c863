using System.Numerics.Tensors;

namespace Serverless.Training.Fitting;

/// <summary>
/// What multinomial logistic regression minimises: the mean negative log-likelihood of the rows plus penalty / (2 · rows) · ‖W‖², biases
/// free (Hastie, Tibshirani and Friedman, "The Elements of Statistical Learning", 4.4 and 18.4). Parameters are the weights class by
/// class, then the biases. The same on any number of processors: rows are summed in fixed parts, and the parts in order. Thread-safe.
/// </summary>
internal sealed class SoftmaxObjective(TrainingSet set, int[] rows, double penalty)
{
    private const int PartRows = 2_048;

    /// <summary>The other half is for those who ask.</summary>
    private static readonly ParallelOptions Half = new() { MaxDegreeOfParallelism = Math.Max(1, Environment.ProcessorCount / 2) };

    private readonly int _weights = set.Classes.Count * set.Dimensions;

    public int Parameters => _weights + set.Classes.Count;

    /// <summary>The value; the gradient is written over what is there.</summary>
    public double Evaluate(double[] parameters, double[] gradient)
    {
        int parts = (rows.Length + PartRows - 1) / PartRows;
        double[] losses = new double[parts];
        double[][] gradients = new double[parts][];
        Parallel.For(0, parts, Half, part =>
        {
            gradients[part] = new double[Parameters];
            losses[part] = SumPart(
                rows.AsSpan()[(part * PartRows)..Math.Min(rows.Length, (part + 1) * PartRows)],
                parameters,
                gradients[part]
            );
        });
        Array.Clear(gradient);
        foreach (double[] part in gradients)
        {
            TensorPrimitives.Add(gradient, part, gradient);
        }
        ReadOnlySpan<double> weights = parameters.AsSpan(0, _weights);
        Span<double> ofWeights = gradient.AsSpan(0, _weights);
        TensorPrimitives.MultiplyAdd(weights, penalty, ofWeights, ofWeights);
        TensorPrimitives.Multiply(gradient, 1.0 / rows.Length, gradient);
        return (losses.Sum() + (penalty / 2 * TensorPrimitives.SumOfSquares(weights))) / rows.Length;
    }

    private double SumPart(ReadOnlySpan<int> part, double[] parameters, double[] gradient)
    {
        int dimensions = set.Dimensions;
        double[] x = new double[dimensions],
            p = new double[set.Classes.Count];
        double loss = 0;
        foreach (int row in part)
        {
            TensorPrimitives.ConvertChecked(set.VectorOf(row), x);
            for (int k = 0; k < p.Length; k++)
            {
                p[k] = TensorPrimitives.Dot<double>(parameters.AsSpan(k * dimensions, dimensions), x) + parameters[_weights + k];
            }
            int y = set.ClassOf(row);
            double max = TensorPrimitives.Max<double>(p),
                ofAnswer = p[y];
            double sum = 0;
            for (int k = 0; k < p.Length; k++)
            {
                p[k] = Math.Exp(p[k] - max);
                sum += p[k];
            }
            loss += max + Math.Log(sum) - ofAnswer;
            for (int k = 0; k < p.Length; k++)
            {
                double error = (p[k] / sum) - (k == y ? 1 : 0);
                Span<double> ofClass = gradient.AsSpan(k * dimensions, dimensions);
                TensorPrimitives.MultiplyAdd(x, error, ofClass, ofClass);
                gradient[_weights + k] += error;
            }
        }
        return loss;
    }
}
