using System.Net;
using System.Net.Sockets;
using Serverless.Embedded.Runtime.Hosting;

namespace Serverless.Embedded.Runtime.Http;

/// <summary>Says in one line which address is taken, before the server fails on it at length.</summary>
internal static class ListenAddresses
{
    public static void EnsureFree(IEnumerable<string> urls)
    {
        var problems = new List<string>();
        foreach (var url in urls)
        {
            var text = url.Replace("://*", "://0.0.0.0").Replace("://+", "://0.0.0.0");
            if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttp)
                problems.Add($"'{url}' is not an address to listen on; expected is one such as http://127.0.0.1:7071");
            else if (uri.Port != 0 && Fault(uri) is { } fault)
                problems.Add($"cannot listen on {url}: {fault}; set Embedded__Urls to another address or stop what uses this one");
        }

        HostStartException.ThrowIfAny(problems);
    }

    private static string? Fault(Uri uri)
    {
        var address = IPAddress.TryParse(uri.Host.Trim('[', ']'), out var parsed) ? parsed : IPAddress.Loopback;
        using var listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(new IPEndPoint(address, uri.Port));
            listener.Listen();
            return null;
        }
        catch (SocketException failure)
        {
            return failure.SocketErrorCode == SocketError.AddressAlreadyInUse ? $"port {uri.Port} is in use" : failure.Message;
        }
    }
}
