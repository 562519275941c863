using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Serverless.Local.Host.Http;

/// <summary>
/// The app's access keys: the master key, host keys, keys of single functions, system keys of extensions. Whoever changes keys.json
/// changes them at once, as whoever renews a key on Azure does: the former is refused from then on. Thread-safe.
/// </summary>
internal sealed class KeyRing
{
    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly ILogger _logger;
    private Known _known; // replaced as a whole

    private KeyRing(string path, KeyFile keys, ILogger logger) => (_path, _logger, _known) = (path, logger, Known.Of(keys, Stamp.Of(path)));

    /// <summary>Reads keys.json, or makes it with new keys where there is none.</summary>
    public static KeyRing LoadOrCreate(string folder, ILogger logger)
    {
        string path = KeyFile.PathIn(folder);
        KeyFile? keys = KeyFile.Read(path);
        if (keys is null)
        {
            Directory.CreateDirectory(folder);
            keys = new KeyFile(NewKey(), new() { ["default"] = NewKey() }, [], []);
            keys.Write(path);
        }
        return new KeyRing(path, keys, logger);
    }

    /// <summary>Gives every function that lacks one a default key.</summary>
    public void AddFunctions(IEnumerable<string> functions)
    {
        lock (_gate)
        {
            Known known = Renew();
            string[] lacking = [.. functions.Where(function => !known.Functions.ContainsKey(function))];
            foreach (string function in lacking)
            {
                known.Keys.Functions[function] = new() { ["default"] = NewKey() };
            }
            if (lacking.Length > 0)
            {
                Save(known.Keys);
            }
        }
    }

    /// <summary>The key of an extension's webhook, made when it is first asked for.</summary>
    public string SystemKey(string name)
    {
        lock (_gate)
        {
            KeyFile keys = Renew().Keys;
            if (!keys.SystemKeys.TryGetValue(name, out string? key))
            {
                keys.SystemKeys[name] = key = NewKey();
                Save(keys);
            }
            return key;
        }
    }

    /// <summary>True where the key opens the level; <paramref name="name"/> is the function or the system key that is asked for.</summary>
    public bool Allows(AccessLevel level, string? name, string? given)
    {
        if (level == AccessLevel.Anonymous)
        {
            return true;
        }
        if (string.IsNullOrEmpty(given))
        {
            return false;
        }
        Known known = Current();
        byte[] hash = HashOf(given);
        bool found = IsOneOf(hash, [known.Master]);
        return level switch
        {
            AccessLevel.Function => found | IsOneOf(hash, known.Host) | IsOneOf(hash, known.Functions.GetValueOrDefault(name ?? "") ?? []),
            AccessLevel.System => found | IsOneOf(hash, known.System.TryGetValue(name ?? "", out byte[]? key) ? [key] : []),
            _ => found,
        };
    }

    private Known Current()
    {
        Known known = Volatile.Read(ref _known);
        if (Stamp.Of(_path) == known.Stamp)
        {
            return known;
        }
        lock (_gate)
        {
            return Renew();
        }
    }

    /// <summary>
    /// A file that cannot be read, as while somebody writes it, changes nothing, and the log says so once; it is looked at again when it
    /// has changed.
    /// </summary>
    private Known Renew()
    {
        Stamp stamp = Stamp.Of(_path);
        if (stamp == _known.Stamp)
        {
            return _known;
        }
        try
        {
            return Keep(KeyFile.Read(_path) ?? _known.Keys, stamp);
        }
        catch (Exception e) when (e is HostStartException or IOException or UnauthorizedAccessException)
        {
            Log.KeysNotRead(_logger, e.Message);
            return Keep(_known.Keys, stamp);
        }
    }

    private void Save(KeyFile keys)
    {
        keys.Write(_path);
        Keep(keys, Stamp.Of(_path));
    }

    private Known Keep(KeyFile keys, Stamp stamp)
    {
        Known known = Known.Of(keys, stamp);
        Volatile.Write(ref _known, known);
        return known;
    }

    private static byte[] HashOf(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    /// <summary>Compares with every key in constant time, so that the time taken tells nothing.</summary>
    private static bool IsOneOf(byte[] given, byte[][] keys)
    {
        bool found = false;
        foreach (byte[] key in keys)
        {
            found |= CryptographicOperations.FixedTimeEquals(given, key);
        }
        return found;
    }

    private static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(42)).Replace('+', '-').Replace('/', '_');

    /// <summary>By what a file that was changed is told; none of a file that is not there.</summary>
    private readonly record struct Stamp(DateTime Written, long Length)
    {
        public static Stamp Of(string path) =>
            new FileInfo(path) is { Exists: true } file ? new(file.LastWriteTimeUtc, file.Length) : default;
    }

    /// <summary>The keys as they were read, and their hashes.</summary>
    private sealed record Known(
        KeyFile Keys,
        Stamp Stamp,
        byte[] Master,
        byte[][] Host,
        Dictionary<string, byte[]> System,
        Dictionary<string, byte[][]> Functions
    )
    {
        public static Known Of(KeyFile keys, Stamp stamp) =>
            new(
                keys,
                stamp,
                HashOf(keys.MasterKey),
                [.. keys.FunctionKeys.Values.Select(HashOf)],
                keys.SystemKeys.ToDictionary(key => key.Key, key => HashOf(key.Value), StringComparer.OrdinalIgnoreCase),
                keys.Functions.ToDictionary(
                    function => function.Key,
                    function => function.Value.Values.Select(HashOf).ToArray(),
                    StringComparer.OrdinalIgnoreCase
                )
            );
    }
}
