using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using SameSiteMode = Microsoft.AspNetCore.Http.SameSiteMode;

namespace Serverless.Embedded.Runtime.Http;

/// <summary>A response in the host's own model, held until the function has returned it.</summary>
internal sealed class ResponseData(FunctionContext context) : HttpResponseData(context)
{
    private readonly CookieList _cookies = new();

    public override HttpStatusCode StatusCode { get; set; } = HttpStatusCode.OK;

    public override HttpHeadersCollection Headers { get; set; } = new();

    public override Stream Body { get; set; } = new MemoryStream();

    public override HttpCookies Cookies => _cookies;

    public async Task SendAsync(HttpResponse response, CancellationToken cancellationToken)
    {
        response.StatusCode = (int)StatusCode;
        foreach (var (name, values) in Headers.NonValidated)
            response.Headers[name] = values.ToArray();
        foreach (var cookie in _cookies.Items)
            response.Cookies.Append(cookie.Name, cookie.Value, OptionsOf(cookie));
        if (Body.CanSeek)
            Body.Position = 0;
        await Body.CopyToAsync(response.Body, cancellationToken);
    }

    private static CookieOptions OptionsOf(IHttpCookie cookie) => new()
    {
        Domain = cookie.Domain,
        Expires = cookie.Expires,
        HttpOnly = cookie.HttpOnly ?? false,
        MaxAge = cookie.MaxAge is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        Path = cookie.Path,
        Secure = cookie.Secure ?? false,
        SameSite = cookie.SameSite switch
        {
            SameSite.Lax => SameSiteMode.Lax,
            SameSite.Strict => SameSiteMode.Strict,
            SameSite.ExplicitNone => SameSiteMode.None,
            _ => SameSiteMode.Unspecified,
        },
    };

    private sealed class CookieList : HttpCookies
    {
        public List<IHttpCookie> Items { get; } = [];

        public override void Append(string name, string value) => Items.Add(new HttpCookie(name, value));

        public override void Append(IHttpCookie cookie) => Items.Add(cookie);

        public override IHttpCookie CreateNew() => new HttpCookie("", "");
    }
}
