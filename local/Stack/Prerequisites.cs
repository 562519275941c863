using System.Net;
using System.Net.Sockets;

namespace Serverless.Local.Stack;

/// <summary>What must be there before anything starts; the first thing missing is told in one line.</summary>
internal static class Prerequisites
{
    private const long MinFreeBytes = 512L << 20;

    public static void Check(StackOptions options)
    {
        RequireTool("node", "Node.js 20 or newer");
        RequireTool("ffmpeg", "apt-get install ffmpeg");
        RequireTool("ffprobe", "apt-get install ffmpeg");
        RequireTool("setpriv", "apt-get install util-linux");
        if (!Directory.Exists(Path.Combine(Checkout.Root, "node_modules", "azurite")))
        {
            throw new StackException("node_modules is incomplete. Install it: make setup");
        }
        RequireDisk(options.DataDirectory);
        foreach ((string server, int port, string option) in options.Ports.Named())
        {
            RequirePort(server, port, option);
        }
    }

    private static void RequireTool(string name, string hint)
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        if (!folders.Any(folder => File.Exists(Path.Combine(folder, name))))
        {
            throw new StackException($"{name} is missing. Install it: {hint}");
        }
    }

    private static void RequireDisk(string directory)
    {
        try
        {
            DataFolder.Create(directory);
            long free = new DriveInfo(directory).AvailableFreeSpace;
            if (free < MinFreeBytes)
            {
                throw new StackException($"{directory} has {free >> 20} MB free; at least {MinFreeBytes >> 20} MB are needed.");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StackException($"The data folder {directory} cannot be written: {e.Message}");
        }
    }

    private static void RequirePort(string server, int port, string option)
    {
        try
        {
            using TcpListener listener = new(IPAddress.Loopback, port);
            listener.Start();
        }
        catch (SocketException)
        {
            throw new StackException(
                $"Port {port} for {server} is in use. Stop what listens there, or choose another: make run OPTIONS=\"{option} N\""
            );
        }
    }
}
