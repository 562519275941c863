using System.Runtime.CompilerServices;
using System.Text;

namespace Serverless.Embedded.Runtime.StorageLog;

/// <summary>The lines that are appended to a file, as they come: what stood in it before is not read.</summary>
internal static class FileTail
{
    private const int BufferBytes = 64 << 10;

    // File systems without notifications are looked at this often.
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(2);

    public static async IAsyncEnumerable<string> ReadLinesAsync(
        string path, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        FileInfo file = new(path);
        file.Directory!.Create();
        WakeSignal changed = new(time);
        using FileSystemWatcher watcher = new(file.Directory.FullName, file.Name);
        watcher.Changed += (_, _) => changed.Set();
        watcher.Created += (_, _) => changed.Set();
        watcher.Renamed += (_, _) => changed.Set();
        watcher.EnableRaisingEvents = true;

        long position = file.Exists ? file.Length : 0;
        byte[] buffer = new byte[BufferBytes];
        while (true)
        {
            ReadOnlyMemory<byte> lines;
            while (!(lines = ReadWholeLines(path, ref position, buffer)).IsEmpty)
            {
                foreach (string line in Encoding.UTF8.GetString(lines.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries))
                    yield return line;
            }
            await changed.WaitAsync(LongestSilence, cancellationToken);
        }
    }

    /// <summary>Moves past what it returns: a line that is still being written is read again when it is whole.</summary>
    private static ReadOnlyMemory<byte> ReadWholeLines(string path, ref long position, byte[] buffer)
    {
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (file.Length < position)
                position = 0; // begun anew
            file.Position = position;
            int count = file.Read(buffer);
            int end = buffer.AsSpan(0, count).LastIndexOf((byte)'\n') + 1;
            if (end == 0 && count == buffer.Length)
                end = count; // no log has such a line; do not stop at it
            position += end;
            return buffer.AsMemory(0, end);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return default;
        }
    }
}
