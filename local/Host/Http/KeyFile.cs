using System.Text.Json;

namespace Serverless.Local.Host.Http;

/// <summary>keys.json in the data folder. Only its owner can read it.</summary>
internal sealed record KeyFile(
    string MasterKey,
    Dictionary<string, string> FunctionKeys,
    Dictionary<string, string> SystemKeys,
    Dictionary<string, Dictionary<string, string>> Functions
)
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static string PathIn(string folder) => Path.Combine(folder, "keys.json");

    /// <summary>Null where there is no file yet.</summary>
    public static KeyFile? Read(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }
        try
        {
            using FileStream stream = File.OpenRead(path);
            KeyFile? keys = JsonSerializer.Deserialize<KeyFile>(stream, Format);
            return string.IsNullOrEmpty(keys?.MasterKey)
                ? throw new HostStartException($"{path} holds no masterKey; delete it to have new keys made.")
                : new KeyFile(keys.MasterKey, keys.FunctionKeys ?? [], keys.SystemKeys ?? [], keys.Functions ?? []);
        }
        catch (JsonException malformed)
        {
            throw new HostStartException($"{path} is not valid: {malformed.Message} Delete it to have new keys made.", malformed);
        }
    }

    /// <summary>Replaces the file whole, so that a reader never sees half of it.</summary>
    public void Write(string path)
    {
        string fresh = path + ".new";
        File.Delete(fresh);
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }
        using (FileStream stream = new(fresh, options))
        {
            JsonSerializer.Serialize(stream, this, Format);
        }
        File.Move(fresh, path, overwrite: true);
    }
}
