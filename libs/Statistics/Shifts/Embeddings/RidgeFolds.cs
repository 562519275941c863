using System.Numerics.Tensors;

namespace Serverless.Statistics.Shifts.Embeddings;

/// <summary>
/// Ridge regression of labels on rows, each fold predicted from the others (Hastie, Tibshirani and Friedman 2009, eq. 3.44). The rows are
/// factored once, so that other labels of the same rows cost little: O(rows · dimension + folds · dimension²). Memory:
/// 8·(folds + 1)·dimension² bytes beside the rows. Not thread-safe.
/// </summary>
internal sealed class RidgeFolds
{
    /// <summary>
    /// The penalty in parts of the features' mean sum of squares: weak where there are many rows, and solvable where few.
    /// </summary>
    private const double Penalty = 0.1;

    private readonly PooledRows _rows;
    private readonly int[] _folds;
    private readonly Cholesky[] _solvers;

    /// <param name="folds">Of each row, from 0 on.</param>
    public RidgeFolds(PooledRows rows, int[] folds, int count)
    {
        (_rows, _folds) = (rows, folds);
        double[][][] own = [.. Enumerable.Range(0, count).Select(_ => Square(rows.Dimension))];
        double[] wide = new double[rows.Dimension];
        for (int i = 0; i < rows.Count; i++)
        {
            TensorPrimitives.ConvertChecked(rows[i], wide);
            double[][] products = own[folds[i]];
            for (int k = 0; k < wide.Length; k++)
            {
                Span<double> row = products[k].AsSpan(0, k + 1);
                TensorPrimitives.MultiplyAdd(wide.AsSpan(0, k + 1), wide[k], row, row);
            }
        }
        double[][] all = Square(rows.Dimension);
        foreach (double[][] products in own)
        {
            for (int k = 0; k < wide.Length; k++)
            {
                TensorPrimitives.Add(all[k], products[k], all[k]);
            }
        }
        double penalty = Penalty * Enumerable.Range(0, wide.Length).Sum(k => all[k][k]) / wide.Length;
        _solvers = [.. own.Select(products => new Cholesky(Rest(all, products, penalty)))];
    }

    /// <summary>What the other folds predict for each row.</summary>
    public void Predict(ReadOnlySpan<float> labels, Span<float> predictions)
    {
        double[][] weights = Weights(labels);
        float[][] rounded = [.. weights.Select(weight => weight.Select(w => (float)w).ToArray())];
        for (int i = 0; i < _rows.Count; i++)
        {
            predictions[i] = TensorPrimitives.Dot(_rows[i], rounded[_folds[i]]);
        }
    }

    private double[][] Weights(ReadOnlySpan<float> labels)
    {
        float mean = TensorPrimitives.Sum(labels) / labels.Length;
        float[][] own = [.. _solvers.Select(_ => new float[_rows.Dimension])];
        for (int i = 0; i < _rows.Count; i++)
        {
            float[] sums = own[_folds[i]];
            TensorPrimitives.MultiplyAdd(_rows[i], labels[i] - mean, sums, sums);
        }
        double[][] weights = new double[_solvers.Length][];
        for (int fold = 0; fold < weights.Length; fold++)
        {
            double[] right = new double[_rows.Dimension];
            for (int other = 0; other < own.Length; other++)
            {
                for (int k = 0; other != fold && k < right.Length; k++)
                {
                    right[k] += own[other][k];
                }
            }
            _solvers[fold].Solve(right);
            weights[fold] = right;
        }
        return weights;
    }

    /// <summary>Written over the part, which is not needed any more.</summary>
    private static double[][] Rest(double[][] all, double[][] part, double penalty)
    {
        for (int k = 0; k < part.Length; k++)
        {
            TensorPrimitives.Subtract(all[k], part[k], part[k]);
            part[k][k] += penalty;
        }
        return part;
    }

    private static double[][] Square(int size) => [.. Enumerable.Range(0, size).Select(_ => new double[size])];
}
