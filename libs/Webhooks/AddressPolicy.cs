using System.Net;
using System.Net.Sockets;

namespace Serverless.Webhooks;

/// <summary>
/// Which addresses webhooks may be sent to. Checked when somebody subscribes and, by the address itself, at every connection.
/// </summary>
public sealed class AddressPolicy(WebhookOptions options)
{
    // What the internet does not route to a public host: IANA's special-purpose registries (RFC 6890 and its successors).
    private static readonly IPNetwork[] Special =
    [
        .. new[]
        {
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
            "2001::/23",
            "2001:db8::/32",
            "2002::/16",
            "3ffe::/16",
            "3fff::/20",
        }.Select(network => IPNetwork.Parse(network)),
    ];

    // All that IANA gives out as global unicast; the rest is special, withdrawn (::/96, fec0::/10) or unassigned (RFC 4291, 2.4).
    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");

    /// <summary>Null for an address that may be subscribed, otherwise what is wrong with it.</summary>
    public string? Fault(Uri url)
    {
        if (!url.IsAbsoluteUri)
        {
            return $"The url '{url}' is not absolute; allowed are addresses such as https://example.org/hook.";
        }
        if (url.Scheme != Uri.UriSchemeHttps && !(options.AllowHttp && url.Scheme == Uri.UriSchemeHttp))
        {
            return $"The url's scheme is '{url.Scheme}'; allowed is {(options.AllowHttp ? "https or http" : "https")}.";
        }
        if (url.UserInfo.Length > 0)
        {
            return "The url holds a user name or password; allowed is one without.";
        }
        if (IPAddress.TryParse(url.DnsSafeHost, out IPAddress? address) && !IsAllowed(address))
        {
            return $"The url's address {address} is private; allowed are public ones.";
        }
        return null;
    }

    public bool IsAllowed(IPAddress address)
    {
        if (options.AllowPrivateAddresses)
        {
            return true;
        }
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }
        return (address.AddressFamily == AddressFamily.InterNetwork || GlobalUnicast.Contains(address))
            && !Array.Exists(Special, network => network.BaseAddress.AddressFamily == address.AddressFamily && network.Contains(address));
    }

    /// <summary>
    /// Connects to an address of the host that is allowed. The name is resolved here and the connection made to what was checked, so
    /// that a name that changes its mind in between reaches nothing else.
    /// </summary>
    internal async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        IPAddress[] addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellationToken);
        IPAddress[] allowed = [.. addresses.Where(IsAllowed)];
        if (allowed.Length == 0)
        {
            throw new AddressRefusedException(context.DnsEndPoint.Host);
        }
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>A host has no address that webhooks may be sent to.</summary>
public sealed class AddressRefusedException(string host)
    : Exception($"The host '{host}' has private addresses only; allowed are public ones.");
