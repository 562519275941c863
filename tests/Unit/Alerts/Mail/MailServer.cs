using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Serverless.Alerts.Mail;

namespace Serverless.Unit.Alerts.Mail;

/// <summary>Speaks as much SMTP (RFC 5321) as it takes to be sent mail, and keeps what it is sent.</summary>
internal sealed class MailServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Task _loop;

    public MailServer()
    {
        _listener.Start();
        _loop = ServeAsync();
    }

    public MailOptions Options =>
        new()
        {
            Host = "127.0.0.1",
            Port = ((IPEndPoint)_listener.LocalEndpoint).Port,
            UseTls = false,
            From = "alerts@example.org",
        };

    /// <summary>Whether mail is refused, for a while.</summary>
    public bool IsFull { get; set; }

    public ConcurrentQueue<string> Received { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _loop;
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using TcpClient client = await _listener.AcceptTcpClientAsync(_end.Token);
                await TalkAsync(client.GetStream());
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // It was ended, or the other side was.
        }
    }

    private async Task TalkAsync(Stream stream)
    {
        using StreamReader reader = new(stream);
        await using StreamWriter writer = new(stream) { NewLine = "\r\n", AutoFlush = true };
        await writer.WriteLineAsync("220 test");
        while (await reader.ReadLineAsync(_end.Token) is { } line)
        {
            string command = line.Split(' ', ':')[0].ToUpperInvariant();
            if (command == "DATA")
            {
                await writer.WriteLineAsync("354 go on");
                Received.Enqueue(await ReadMessageAsync(reader));
            }
            await writer.WriteLineAsync(
                command switch
                {
                    "QUIT" => "221 bye",
                    "MAIL" when IsFull => "452 the mailbox is full",
                    _ => "250 ok",
                }
            );
            if (command == "QUIT")
            {
                return;
            }
        }
    }

    private async Task<string> ReadMessageAsync(StreamReader reader)
    {
        List<string> lines = [];
        while (await reader.ReadLineAsync(_end.Token) is { } line and not ".")
        {
            lines.Add(line);
        }
        return string.Join('\n', lines);
    }
}
