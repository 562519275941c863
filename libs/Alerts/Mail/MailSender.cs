using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using MimeKit.Text;

namespace Serverless.Alerts.Mail;

/// <summary>Makes single tries to send mail, each over a connection of its own. Thread-safe.</summary>
public sealed class MailSender(MailOptions options, TimeProvider time)
{
    private const int PortOfTls = 465; // RFC 8314, 3.3: TLS from the first byte

    public bool IsOn => !string.IsNullOrEmpty(options.Host);

    /// <summary>Null where the server took it, otherwise why it did not.</summary>
    public async Task<string?> SendAsync(MailText text, string to, CancellationToken cancellationToken)
    {
        using MimeMessage message = MessageOf(text, to);
        using CancellationTokenSource late = new(options.SendWithin, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            using SmtpClient smtp = new();
            await smtp.ConnectAsync(options.Host ?? "", options.Port, Security, either.Token);
            if (!string.IsNullOrEmpty(options.User))
            {
                await smtp.AuthenticateAsync(options.User, options.Password ?? "", either.Token);
            }
            await smtp.SendAsync(message, either.Token);
            await smtp.DisconnectAsync(quit: true, either.Token);
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"the mail server did not take it within {options.SendWithin.TotalSeconds:0.#} s (Mail:SendWithin)";
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return e.GetBaseException().Message.Split('\n')[0].TrimEnd();
        }
    }

    private SecureSocketOptions Security =>
        !options.UseTls ? SecureSocketOptions.None
        : options.Port == PortOfTls ? SecureSocketOptions.SslOnConnect
        : SecureSocketOptions.StartTls;

    private MimeMessage MessageOf(MailText text, string to)
    {
        MailboxAddress from = MailboxAddress.Parse(options.From ?? "");
        MimeMessage message = new()
        {
            Subject = text.Subject,
            Date = text.Made,
            MessageId = $"{text.Id}@{from.Domain}",
            Body = new TextPart(TextFormat.Plain) { Text = text.Body },
        };
        message.From.Add(from);
        message.To.Add(MailboxAddress.Parse(to));
        return message;
    }
}
