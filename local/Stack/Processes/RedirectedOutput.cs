using Spectre.Console;

namespace Serverless.Local.Stack.Processes;

/// <summary>
/// Standard output that goes to a file or a pipe: it has no width of its own, and shows no colours; a terminal does both.
/// </summary>
public static class RedirectedOutput
{
    private const int Width = 160;

    /// <summary>To be called before anything is written.</summary>
    public static void Prepare()
    {
        if (!Console.IsOutputRedirected)
        {
            return;
        }
        AnsiConsole.Profile.Width = Width;
        AnsiConsole.Profile.Capabilities.Ansi = false;
        AnsiConsole.Profile.Capabilities.ColorSystem = ColorSystem.NoColors;
    }
}
