using System.Buffers;
using System.Text;

namespace Serverless.Media.Sniffing;

/// <summary>Where bytes stop being UTF-8.</summary>
internal static class Utf8Faults
{
    /// <summary>Offset of the first byte that is not part of a valid sequence, or -1.</summary>
    public static int FirstInvalid(ReadOnlySpan<byte> bytes, bool complete)
    {
        // The vectorised check answers for good text; only bad text is walked.
        if (System.Text.Unicode.Utf8.IsValid(bytes))
        {
            return -1;
        }

        for (int at = 0; at < bytes.Length; )
        {
            OperationStatus status = Rune.DecodeFromUtf8(bytes[at..], out _, out int consumed);
            if (status == OperationStatus.NeedMoreData && !complete)
            {
                return -1;
            }
            if (status != OperationStatus.Done)
            {
                return at;
            }
            at += consumed;
        }

        return -1;
    }
}
