using System.Runtime.CompilerServices;
using System.Text;

namespace Serverless.Media.Video;

/// <summary>Lines of a stream that a stranger's file may influence: what is longer than a buffer is cut.</summary>
internal static class BoundedLines
{
    private const int MaxLine = 2048; // bytes

    public static async IAsyncEnumerable<string> ReadAsync(
        Stream stream,
        [EnumeratorCancellation] CancellationToken cancellationToken,
        int maxBytes = MaxLine
    )
    {
        byte[] buffer = new byte[16 * 1024];
        byte[] line = new byte[maxBytes];
        int length = 0,
            read;
        while ((read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
        {
            for (int i = 0; i < read; i++)
            {
                if (buffer[i] is not ((byte)'\n' or (byte)'\r'))
                {
                    if (length < maxBytes)
                    {
                        line[length++] = buffer[i];
                    }
                    continue;
                }

                if (length > 0)
                {
                    yield return Encoding.UTF8.GetString(line, 0, length);
                }
                length = 0;
            }
        }

        if (length > 0)
        {
            yield return Encoding.UTF8.GetString(line, 0, length);
        }
    }
}
