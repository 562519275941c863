using System.Numerics;

namespace Serverless.Vectors.Kernels;

/// <summary>The plain form of both kernels: what the others are tested against, and what runs where there is nothing better.</summary>
internal readonly unsafe struct ScalarKernel : IDotKernel, ISignKernel
{
    public static bool IsSupported => true;

    public static int Dot(sbyte* row, sbyte* query, int bytes)
    {
        int sum = 0;
        for (int i = 0; i < bytes; i++)
        {
            sum += row[i] * query[i];
        }
        return sum;
    }

    public static uint Near(ulong* block, ulong* query, int words, long limit, long* distances)
    {
        uint near = 0;
        for (int row = 0; row < ISignKernel.Rows; row++)
        {
            long distance = 0;
            for (int word = 0; word < words; word++)
            {
                distance += BitOperations.PopCount(block[word * ISignKernel.Rows + row] ^ query[word]);
            }
            distances[row] = distance;
            near |= distance <= limit ? 1u << row : 0;
        }
        return near;
    }
}
