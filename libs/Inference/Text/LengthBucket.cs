using System.Numerics;

namespace Serverless.Inference.Text;

/// <summary>
/// Rounds token counts up to buckets, of which there are two in each octave: where a run takes the sequences of one bucket, at most a third
/// of it is padding.
/// </summary>
internal static class LengthBucket
{
    /// <summary>Shorter texts are not worth telling apart.</summary>
    private const int Smallest = 16;

    /// <summary>16, 24, 32, 48, 64, 96, …</summary>
    public static int Of(int length)
    {
        if (length <= Smallest)
        {
            return Smallest;
        }
        int octave = (int)BitOperations.RoundUpToPowerOf2((uint)length);
        return length <= octave / 4 * 3 ? octave / 4 * 3 : octave;
    }
}
