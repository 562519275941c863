using System.Security.Cryptography;

namespace Serverless.Local.Stack;

/// <summary>
/// The file of the key that signs events between the stack's own programs: made once, kept in the data folder, readable by its owner
/// only. The programs read it again when it has changed.
/// </summary>
internal static class SigningKey
{
    public static string FindOrCreate(string dataDirectory)
    {
        string path = Path.Combine(dataDirectory, "events.key");
        if (!File.Exists(path))
        {
            DataFolder.Create(dataDirectory);
            FileStreamOptions create = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                create.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }
            using StreamWriter writer = new(path, create);
            writer.Write(Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        }
        return path;
    }
}
