using System.Security.Cryptography;
using System.Text;

namespace Serverless.Local.Host.Http;

/// <summary>The app's access keys: the master key, host keys, keys of single functions, system keys of extensions.</summary>
internal sealed class KeyRing
{
    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly KeyFile _keys;
    private readonly byte[] _master;
    private readonly byte[][] _host;
    private Dictionary<string, byte[]> _system = new(StringComparer.OrdinalIgnoreCase);
    private Dictionary<string, byte[][]> _functions = new(StringComparer.OrdinalIgnoreCase);

    private KeyRing(string path, KeyFile keys)
    {
        (_path, _keys) = (path, keys);
        _master = HashOf(keys.MasterKey);
        _host = [.. keys.FunctionKeys.Values.Select(HashOf)];
        Refresh();
    }

    /// <summary>Reads keys.json, or makes it with new keys where there is none.</summary>
    public static KeyRing LoadOrCreate(string folder)
    {
        string path = KeyFile.PathIn(folder);
        KeyFile? keys = KeyFile.Read(path);
        if (keys is null)
        {
            Directory.CreateDirectory(folder);
            keys = new KeyFile(NewKey(), new() { ["default"] = NewKey() }, [], []);
            keys.Write(path);
        }
        return new KeyRing(path, keys);
    }

    /// <summary>Gives every function that lacks one a default key.</summary>
    public void AddFunctions(IEnumerable<string> functions)
    {
        lock (_gate)
        {
            string[] lacking = [.. functions.Where(function => !_functions.ContainsKey(function))];
            foreach (string function in lacking)
            {
                _keys.Functions[function] = new() { ["default"] = NewKey() };
            }
            if (lacking.Length > 0)
            {
                Save();
            }
        }
    }

    /// <summary>The key of an extension's webhook, made when it is first asked for.</summary>
    public string SystemKey(string name)
    {
        lock (_gate)
        {
            if (!_keys.SystemKeys.TryGetValue(name, out string? key))
            {
                _keys.SystemKeys[name] = key = NewKey();
                Save();
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
        byte[] hash = HashOf(given);
        bool found = IsOneOf(hash, [_master]);
        return level switch
        {
            AccessLevel.Function => found | IsOneOf(hash, _host) | IsOneOf(hash, _functions.GetValueOrDefault(name ?? "") ?? []),
            AccessLevel.System => found | IsOneOf(hash, _system.TryGetValue(name ?? "", out byte[]? key) ? [key] : []),
            _ => found,
        };
    }

    private void Save()
    {
        _keys.Write(_path);
        Refresh();
    }

    private void Refresh()
    {
        _system = _keys.SystemKeys.ToDictionary(key => key.Key, key => HashOf(key.Value), StringComparer.OrdinalIgnoreCase);
        _functions = _keys.Functions.ToDictionary(
            function => function.Key,
            function => function.Value.Values.Select(HashOf).ToArray(),
            StringComparer.OrdinalIgnoreCase
        );
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
}
