namespace Serverless.Local.Stack;

/// <summary>Who asks, as the Functions app wants it said: headers are ASCII, so that it reads this one percent-encoded.</summary>
public static class Requests
{
    private const string Header = "X-Requested-By";

    public static HttpRequestMessage RequestedBy(this HttpRequestMessage request, string by)
    {
        request.Headers.Add(Header, Uri.EscapeDataString(by));
        return request;
    }

    public static HttpContent RequestedBy(this HttpContent content, string by)
    {
        content.Headers.Add(Header, Uri.EscapeDataString(by));
        return content;
    }
}
