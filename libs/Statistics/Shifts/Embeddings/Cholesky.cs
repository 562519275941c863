using System.Numerics.Tensors;

namespace Serverless.Statistics.Shifts.Embeddings;

/// <summary>
/// Solves linear equations of one symmetric positive definite matrix for many right sides (Golub and Van Loan 2013, section 4.2).
/// Takes over the matrix's memory. Immutable.
/// </summary>
internal sealed class Cholesky
{
    private readonly double[][] _lower;

    /// <param name="matrix">Rows, of which the lower triangle counts.</param>
    public Cholesky(double[][] matrix)
    {
        _lower = matrix;
        for (int i = 0; i < matrix.Length; i++)
        {
            double[] row = matrix[i];
            for (int j = 0; j < i; j++)
            {
                row[j] = (row[j] - Dot(row, matrix[j], j)) / matrix[j][j];
            }
            double pivot = row[i] - Dot(row, row, i);
            row[i] =
                pivot > 0
                    ? Math.Sqrt(pivot)
                    : throw new ArgumentException($"Pivot {i} of {matrix.Length} is {pivot}, expected one above 0.", nameof(matrix));
        }
    }

    /// <summary>In place: the right side becomes the solution.</summary>
    public void Solve(Span<double> right)
    {
        for (int i = 0; i < right.Length; i++)
        {
            right[i] = (right[i] - TensorPrimitives.Dot(_lower[i].AsSpan(0, i), right[..i])) / _lower[i][i];
        }
        for (int i = right.Length - 1; i >= 0; i--)
        {
            right[i] /= _lower[i][i];
            TensorPrimitives.MultiplyAdd(_lower[i].AsSpan(0, i), -right[i], right[..i], right[..i]);
        }
    }

    private static double Dot(double[] a, double[] b, int count) => TensorPrimitives.Dot(a.AsSpan(0, count), b.AsSpan(0, count));
}
