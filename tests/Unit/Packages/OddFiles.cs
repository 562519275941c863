using System.Diagnostics;

namespace Serverless.Unit.Packages;

/// <summary>What a folder may hold beside files.</summary>
internal static class OddFiles
{
    /// <summary>.NET makes none itself.</summary>
    public static string MakePipe(DirectoryInfo folder, string name)
    {
        string path = Path.Combine(folder.FullName, name);
        using Process made = Process.Start("mkfifo", [path]);
        made.WaitForExit();
        return made.ExitCode == 0 ? path : throw new IOException($"mkfifo ended with {made.ExitCode}");
    }
}
