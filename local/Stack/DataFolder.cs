namespace Serverless.Local.Stack;

/// <summary>The folder of a stack, which holds keys and uploads: nobody else on the machine may look into it.</summary>
internal static class DataFolder
{
    /// <summary>Makes it where it is missing; one that is there keeps its mode.</summary>
    public static void Create(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(directory);
        }
        else
        {
            Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    public static void DeleteIfThere(string directory)
    {
        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
