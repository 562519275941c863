using System.Text.Json;

namespace Serverless.Storage;

/// <summary>
/// Something that a file says and that is read again when the file has changed, or something that stays. A file that cannot be read leaves
/// what it said before, as while somebody writes it. Thread-safe.
/// </summary>
public sealed class Followed<T>
    where T : class
{
    private readonly string? _path;
    private readonly Func<byte[], T>? _read;
    private Known _known; // replaced as a whole

    private Followed(string? path, Func<byte[], T>? read, Known known) => (_path, _read, _known) = (path, read, known);

    public static Followed<T> Constant(T value) => new(null, null, new Known(value, default, 0));

    /// <param name="read">Throws <see cref="JsonException"/> or <see cref="ArgumentException"/> of what it cannot take.</param>
    /// <exception cref="ArgumentException">The file is not there, too large, or cannot be taken.</exception>
    public static Followed<T> File(string path, int maxBytes, Func<byte[], T> read)
    {
        FileInfo file = new(path);
        return file.Exists
            ? new(path, Take, Read(file, Take))
            : throw new ArgumentException($"There is no file {path}, which a setting names.", nameof(path));

        T Take(byte[] content)
        {
            try
            {
                return content.Length <= maxBytes
                    ? read(content)
                    : throw new ArgumentException($"{path} has {content.Length} bytes; allowed are {maxBytes}.", nameof(path));
            }
            catch (JsonException e)
            {
                throw new ArgumentException($"{path} cannot be read. {JsonFault.Describe(e)}", nameof(path));
            }
        }
    }

    public T Current
    {
        get
        {
            Known known = Volatile.Read(ref _known);
            if (_path is null || new FileInfo(_path) is not { Exists: true } file || known.IsOf(file))
            {
                return known.Value;
            }
            try
            {
                known = Read(file, _read!);
            }
            catch (Exception e) when (e is ArgumentException or IOException or UnauthorizedAccessException)
            {
                return known.Value;
            }
            Volatile.Write(ref _known, known);
            return known.Value;
        }
    }

    private static Known Read(FileInfo file, Func<byte[], T> read) =>
        new(read(System.IO.File.ReadAllBytes(file.FullName)), file.LastWriteTimeUtc, file.Length);

    private sealed record Known(T Value, DateTime Written, long Length)
    {
        public bool IsOf(FileInfo file) => file.LastWriteTimeUtc == Written && file.Length == Length;
    }
}
