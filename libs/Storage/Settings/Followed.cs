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
    private Refused? _refused; // likewise

    private Followed(string? path, Func<byte[], T>? read, Known known) => (_path, _read, _known) = (path, read, known);

    public static Followed<T> Constant(T value) => new(null, null, new Known(value, default));

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

    public T Current => Look().Value;

    /// <summary>Why the file as it is now cannot be taken, so that what it said before holds; null where it can.</summary>
    public string? Fault => Look().Fault;

    private (T Value, string? Fault) Look()
    {
        Known known = Volatile.Read(ref _known);
        if (_path is null)
        {
            return (known.Value, null);
        }
        FileInfo file = new(_path);
        Stamp stamp = Stamp.Of(file);
        if (stamp == known.Stamp)
        {
            return (known.Value, null);
        }
        if (Volatile.Read(ref _refused) is { } refused && refused.Stamp == stamp)
        {
            return (known.Value, refused.Fault);
        }
        try
        {
            known = Read(file, _read!);
        }
        catch (ArgumentException e)
        {
            Volatile.Write(ref _refused, new Refused(e.Message, stamp)); // what it holds stays wrong until it changes
            return (known.Value, e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (known.Value, e.Message);
        }
        Volatile.Write(ref _known, known);
        return (known.Value, null);
    }

    private static Known Read(FileInfo file, Func<byte[], T> read) => new(read(System.IO.File.ReadAllBytes(file.FullName)), Stamp.Of(file));

    private sealed record Known(T Value, Stamp Stamp);

    private sealed record Refused(string Fault, Stamp Stamp);

    /// <summary>By what a file that was changed is told; none of a file that is not there.</summary>
    private readonly record struct Stamp(DateTime Written, long Length)
    {
        public static Stamp Of(FileInfo file) => file.Exists ? new(file.LastWriteTimeUtc, file.Length) : default;
    }
}

/// <summary>Options of which a file, where a setting names one, says some otherwise.</summary>
public static class FollowedOptions
{
    private const int MaxFileBytes = 1 << 20;

    /// <summary>What is made of the options, anew when the file has changed.</summary>
    /// <typeparam name="TGiven">What the file says, as JSON.</typeparam>
    /// <param name="section">Of the options, by which what is wrong with them is named.</param>
    /// <param name="with">The options with what the file says in their place.</param>
    /// <exception cref="ArgumentException">The file is not there, or wrong.</exception>
    public static Followed<T> Follow<TOptions, TGiven, T>(
        string section,
        TOptions options,
        string? file,
        Func<TGiven, TOptions> with,
        Func<TOptions, T> derive
    )
        where TOptions : class
        where TGiven : class
        where T : class => string.IsNullOrEmpty(file) ? Followed<T>.Constant(derive(options)) : Followed<T>.File(file, MaxFileBytes, json =>
            {
                TOptions given = with(GivenJson.Read<TGiven>(json));
                OptionsCheck.Run((section, given));
                return derive(given);
            });
}
