using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Embedded.Runtime.Hosting;

namespace Serverless.Embedded.Runtime.Http;

/// <summary>The app's access keys: a master key, keys for all functions, and keys for single ones.</summary>
internal sealed class KeyRing
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly byte[][] _master;
    private readonly byte[][] _system;
    private readonly byte[][] _forFunctions;
    private readonly Dictionary<string, byte[][]> _ofFunction;

    private KeyRing(KeyFile keys)
    {
        MasterKey = keys.MasterKey;
        _master = [HashOf(MasterKey)];
        _system = [.. _master, .. HashesOf(keys.SystemKeys)];
        _forFunctions = [.. _master, .. HashesOf(keys.FunctionKeys)];
        _ofFunction = (keys.Functions ?? []).ToDictionary(function => function.Key, function => HashesOf(function.Value));
    }

    public string MasterKey { get; }

    /// <summary>Reads <c>keys.json</c>, making it with new keys where there is none. Only its owner can read it.</summary>
    public static KeyRing LoadOrCreate(string directory)
    {
        var path = Path.Combine(directory, "keys.json");
        if (!File.Exists(path))
            Write(path, new KeyFile(NewKey(), new() { ["default"] = NewKey() }, [], []));
        try
        {
            using var stream = File.OpenRead(path);
            var keys = JsonSerializer.Deserialize<KeyFile>(stream, Format);
            if (!string.IsNullOrEmpty(keys?.MasterKey))
                return new KeyRing(keys);
        }
        catch (JsonException malformed)
        {
            throw new HostStartException($"{path} is not valid: {malformed.Message}");
        }

        throw new HostStartException($"{path} holds no masterKey; delete it to have new keys made");
    }

    public bool Allows(HttpRequest request, AuthorizationLevel level, string? function)
    {
        if (level == AuthorizationLevel.Anonymous)
            return true;
        var given = request.Headers.TryGetValue("x-functions-key", out var header) ? header.ToString() : request.Query["code"].ToString();
        if (given.Length == 0)
            return false;
        var hash = HashOf(given);
        return level switch
        {
            AuthorizationLevel.Function => IsOneOf(hash, _forFunctions) | IsOneOf(hash, function is null ? [] : _ofFunction.GetValueOrDefault(function) ?? []),
            AuthorizationLevel.System => IsOneOf(hash, _system),
            AuthorizationLevel.Admin => IsOneOf(hash, _master),
            _ => false,
        };
    }

    private static byte[] HashOf(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    private static byte[][] HashesOf(Dictionary<string, string>? keys) => [.. (keys ?? []).Values.Select(HashOf)];

    /// <summary>Compares with every key in constant time, so that the time taken tells nothing.</summary>
    private static bool IsOneOf(byte[] given, byte[][] keys)
    {
        var found = false;
        foreach (var key in keys)
            found |= CryptographicOperations.FixedTimeEquals(given, key);
        return found;
    }

    private static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(42)).Replace('+', '-').Replace('/', '_');

    private static void Write(string path, KeyFile keys)
    {
        var fresh = path + ".new";
        File.Delete(fresh);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var stream = new FileStream(fresh, options))
            JsonSerializer.Serialize(stream, keys, Format);
        File.Move(fresh, path);
    }

    private sealed record KeyFile(
        string MasterKey,
        Dictionary<string, string>? FunctionKeys,
        Dictionary<string, string>? SystemKeys,
        Dictionary<string, Dictionary<string, string>>? Functions);
}
